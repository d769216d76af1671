"""Stage 5: whether position predicted being purged."""

from innercircle.inference.regression import fit_model, model_table, read_fits

__all__ = ["fit_model", "model_table", "read_fits"]
