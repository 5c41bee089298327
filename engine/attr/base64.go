package attr

// base64Digit is the value of a character of the standard alphabet, 0xFF for any other byte.
var base64Digit = func() (t [256]byte) {
	for c := range t {
		t[c] = 0xFF
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = byte(i)
	}
	return t
}()

// decodeBase64 reads base64 as strictly as the service: padded to groups of four, nothing outside the alphabet, no stray
// bits in the last character. kind is 0 or says what is wrong; at is the offset in text that is wrong.
func decodeBase64(text string) (raw string, kind ErrorKind, at int) {
	if len(text)%4 != 0 {
		return "", Base64Length, 0
	}
	body := len(text)
	for body > 0 && len(text)-body < 2 && text[body-1] == '=' {
		body--
	}
	out := make([]byte, 0, body*3/4)
	acc, bits := uint32(0), 0
	for i := range body {
		d := base64Digit[text[i]]
		if d == 0xFF {
			return "", Base64Char, i
		}
		acc, bits = acc<<6|uint32(d), bits+6
		if bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
			acc &= 1<<bits - 1
		}
	}
	if acc != 0 {
		return "", Base64Bits, body - 1
	}
	return string(out), 0, 0
}
