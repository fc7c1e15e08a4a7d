package wire

// TextEnd returns the end of the JSON string that begins with the quote at b[i], past its
// closing quote, and whether it has escapes. ok is false if there is no valid one.
func TextEnd(b []byte, i int) (end int, escaped, ok bool) {
	s := scan{b: b}
	end, escaped, err := s.text(i)
	return end, escaped, err == nil
}
