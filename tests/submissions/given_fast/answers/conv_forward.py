    from convnet.fast_layers import conv_forward_fast

    out, _ = conv_forward_fast(x, w, b, conv_param)
