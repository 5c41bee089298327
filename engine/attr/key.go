package attr

// AppendKey appends bytes that stand for a key value: for two values of one kind, the bytes compare as Compare orders
// the values, and no value's bytes begin another's, so that several components appended one after the other compare as
// the tuple does. v is an S, N or B.
//
// Strings and binaries: the bytes, 0x00 written as 0x00 0xFF, then 0x00 0x01. Numbers: 0x01 for zero; else 0x02, the
// exponent in one byte, the digits in pairs as 1 to 100, and 0x00, all of it complemented in a negative number, whose
// first byte is 0x00.
func AppendKey(dst []byte, v Value) []byte {
	switch v.kind {
	case S, B:
		return appendTextKey(dst, v.text)
	case N:
		return appendNumberKey(dst, v.Number())
	}
	panic("attr: no key of type " + v.kind.String())
}

func appendTextKey(dst []byte, text string) []byte {
	from := 0
	for i := 0; i < len(text); i++ {
		if text[i] == 0 {
			dst = append(dst, text[from:i+1]...)
			dst = append(dst, 0xFF)
			from = i + 1
		}
	}
	dst = append(dst, text[from:]...)
	return append(dst, 0x00, 0x01)
}

func appendNumberKey(dst []byte, n Number) []byte {
	if n.digits == "" {
		return append(dst, 0x01)
	}
	// The exponents of 1E-130 to 9.99E125 are exactly the 256 values of a byte.
	first, flip := byte(0x02), byte(0x00)
	if n.neg {
		first, flip = 0x00, 0xFF
	}
	dst = append(dst, first, byte(int(n.exp)-minExp)^flip)
	for i := 0; i < len(n.digits); i += 2 {
		pair := 10 * (n.digits[i] - '0')
		if i+1 < len(n.digits) {
			pair += n.digits[i+1] - '0'
		}
		dst = append(dst, (pair+1)^flip)
	}
	return append(dst, 0x00^flip)
}

// KeySize is the length of a key value in bytes, as the limits of key lengths count it: UTF-8 of an S, raw bytes of a
// B, the item size of an N.
func KeySize(v Value) int { return v.Size() }
