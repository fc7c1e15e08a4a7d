package wire

// AppendModel appends an answer, or the payload of an event, that names another model:
// name, a JSON string with its quotes, stands in place of each string that is the value of
// `model` at the top of the object, or at the top of the object that its member within
// is ("" for none). Everything else stays as it came. What is no object has no model.
func AppendModel(dst, object []byte, within string, name []byte) []byte {
	at := 0
	eachMember(object, func(key []byte, from, end int) bool {
		switch {
		case string(key) == "model" && object[from] == '"':
			dst = append(append(dst, object[at:from]...), name...)
			at = end
		case string(key) == within && object[from] == '{':
			dst = AppendModel(append(dst, object[at:from]...), object[from:end], "", name)
			at = end
		}
		return true
	})
	return append(dst, object[at:]...)
}

// ModelEnd is where the first string ends that is the value of `model` at the top of an
// object; 0 if there is none.
func ModelEnd(object []byte) (at int) {
	eachMember(object, func(key []byte, from, end int) bool {
		if string(key) == "model" && object[from] == '"' {
			at = end
		}
		return at == 0
	})
	return at
}
