"""Encoders, decoders and heads: shapes and forward passes, no training."""
