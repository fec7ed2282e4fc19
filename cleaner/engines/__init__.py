"""Engines that clean on many machines: the input in parts, each cleaned by whichever machine, with nothing kept but files."""
