package attr

import "encoding/base64"

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Only the quote, the backslash and the control characters below U+0020 are
// escaped; everything else stays raw UTF-8.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := plainTo(s, 0); i < len(s); i = plainTo(s, 0) {
		dst = append(dst, s[:i]...)
		dst = appendEscape(dst, s[i])
		s = s[i+1:]
	}
	dst = append(dst, s...)
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// AppendValue appends the value's DynamoDB JSON, {"S":"x"}. The text is canonical: equal values give equal bytes. An
// Invalid value gives {}.
func AppendValue(dst []byte, v Value) []byte {
	if v.kind == Invalid {
		return append(dst, "{}"...)
	}
	dst = append(dst, '{', '"')
	dst = append(dst, v.kind.String()...)
	dst = append(dst, '"', ':')
	dst = appendBody(dst, v)
	return append(dst, '}')
}

func appendBody(dst []byte, v Value) []byte {
	if v.sealed() {
		return append(dst, v.text...)
	}
	switch v.kind {
	case S, N, B:
		return appendScalar(dst, v)
	case BOOL:
		if !v.flag {
			return append(dst, "false"...)
		}
		return append(dst, "true"...)
	case NULL:
		return append(dst, "true"...)
	case M:
		return AppendMap(dst, v.deep.members)
	}
	dst = append(dst, '[')
	for i, elem := range v.deep.elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		if v.kind == L {
			dst = AppendValue(dst, elem)
		} else {
			dst = appendScalar(dst, elem)
		}
	}
	return append(dst, ']')
}

// appendScalar appends what the wire has for an S, N or B, alone or in a set: a JSON string.
func appendScalar(dst []byte, v Value) []byte {
	if v.kind == S {
		return AppendString(dst, v.text)
	}
	dst = append(dst, '"')
	if v.kind == N {
		dst = v.Number().append(dst)
	} else {
		dst = appendBase64(dst, v.text)
	}
	return append(dst, '"')
}

// appendBase64 feeds raw to the encoder in whole groups from a fixed buffer, since the encoder takes no string.
func appendBase64(dst []byte, raw string) []byte {
	var group [3 * 64]byte
	for raw != "" {
		n := copy(group[:], raw)
		dst = base64.StdEncoding.AppendEncode(dst, group[:n])
		raw = raw[n:]
	}
	return dst
}

// AppendMap appends the map's DynamoDB JSON, {"name":{"S":"x"}}, in name order.
func AppendMap(dst []byte, m Map) []byte {
	dst = append(dst, '{')
	for i := range m {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, m[i].Name)
		dst = append(dst, ':')
		dst = AppendValue(dst, m[i].Value)
	}
	return append(dst, '}')
}
