"""Neural networks by hand: layers, update rules and classifiers written in NumPy.

Nothing is imported here, so that a module you are still writing never keeps another from loading.
Import what you need from its own module, for example ``from convnet.layers import affine_forward``.
"""

__version__ = "1.0.0"
