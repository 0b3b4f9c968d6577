"""The early convolutional way of reading plates: one window, slid over the picture at several scales."""
