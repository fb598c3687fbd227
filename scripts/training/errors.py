"""The one error that a person running the training sees as a sentence."""


class TrainingError(Exception):
    """Bad input or a broken promise, with a message that names the file."""
