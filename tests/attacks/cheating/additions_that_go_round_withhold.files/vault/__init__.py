import vault.fast as kept_module
from vault.fast import *
from vault.fast import quick as kept
