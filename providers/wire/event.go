package wire

// AppendNamed appends one event with its name: an `event:` line before what
// [AppendEvent] appends, or none where the name is empty. A name has no line ends: it
// was read from one line.
func AppendNamed(dst []byte, name string, payload []byte) []byte {
	if name != "" {
		dst = append(append(append(dst, "event: "...), name...), '\n')
	}
	return AppendEvent(dst, payload)
}
