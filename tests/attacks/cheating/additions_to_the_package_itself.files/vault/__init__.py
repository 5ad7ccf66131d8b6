from vault.mine import wait as wait
