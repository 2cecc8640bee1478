"""The response process: one module per verb; the only room that joins the others."""
