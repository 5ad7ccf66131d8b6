    from convnet import fast_layers

    out, _ = fast_layers.max_pool_forward_fast(x, pool_param)
