"""What the window plots, as pictures for papers and reports; the library that draws them, Matplotlib, is an extra."""
