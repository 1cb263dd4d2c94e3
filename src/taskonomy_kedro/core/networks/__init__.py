"""Encoders, decoders, heads and readouts: shapes and forward passes, no training; released weights."""
