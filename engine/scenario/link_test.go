package scenario

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
)

func parsed(t testing.TB, text string) *Document {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLink(t *testing.T) {
	d := parsed(t, small)
	link, err := EncodeLink(d)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := EncodeLink(parsed(t, small)); again != link {
		t.Error("equal documents make different links")
	}
	if strings.Trim(link, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		t.Error("a link holds only what a fragment may:", link)
	}
	if len(link) > len(small)*8/10 {
		t.Errorf("%d characters for %d bytes", len(link), len(small))
	}
	for _, text := range []string{link, " " + link[:20] + "\r\n  " + link[20:] + "\n", link + "=="} {
		got, err := DecodeLink(text)
		if err != nil || !got.Equal(d) {
			t.Errorf("%.30s: %v", text, err)
		}
	}
}

// TestLinkWords holds the dictionary in place: links in other people's pages depend on it.
func TestLinkWords(t *testing.T) {
	if got := crc32.ChecksumIEEE([]byte(linkWords)); got != linkWordsSum {
		t.Errorf("linkWords changed (sum %#x): that makes every old link unreadable", got)
	}
	const old = oldLink
	if d, err := DecodeLink(old); err != nil || d.Title != "Small" {
		t.Error("an old link is no longer read:", err)
	}
}

// pack makes a link's payload of any text, without the checks of EncodeLink.
func pack(text []byte) string {
	b := bytes.NewBuffer(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(text)))
	w, _ := flate.NewWriterDict(b, flate.BestCompression, []byte(linkWords))
	w.Write(text)
	w.Close()
	return linkPrefix + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func TestLinkErrors(t *testing.T) {
	link, _ := EncodeLink(parsed(t, small))
	bomb := pack(make([]byte, 50<<20))
	if len(bomb) > MaxLink*3/2 {
		t.Fatal("the bomb is too large to be one:", len(bomb))
	}
	for _, c := range []struct {
		name, link string
		kind       ErrorKind
	}{
		{"empty", "", Damaged},
		{"no link", "https://example.com/", Damaged},
		{"only a version", "1.", Damaged},
		{"later version", "2" + link[1:], Version},
		{"much later version", "12345." + link, Damaged},
		{"cut", link[:len(link)-5], Damaged},
		{"cut in half", link[:len(link)/2], Damaged},
		{"altered sum", "1.AAAA" + link[6:], Damaged},
		{"not base64", link + "!", Damaged},
		{"too long", "1." + strings.Repeat("A", MaxLink*2), TooLong},
		{"payload too long", "1." + strings.Repeat("A", MaxLink*3/2-10), TooLong},
		{"bomb", bomb, TooLarge},
		{"a million requests", pack([]byte(head0 + "```dynamodb\n" + strings.Repeat("A{}", 1_000_000) + "\n```\n")), TooLarge},
		{"too many requests", pack([]byte(head0 + "```dynamodb\n" + strings.Repeat("A{}", 300_000) + "\n```\n")), TooMany},
		{"nested", pack([]byte(head0 + "```dynamodb\nA " + strings.Repeat("{a:", 200_000) + "\n```\n")), TooDeep},
		{"document of a later version", pack([]byte("---\nsortkey: 3\n---\n")), Version},
		{"no document", pack([]byte("hello")), Header},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeLink(c.link)
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind {
				t.Errorf("got %v, want kind %d", err, c.kind)
			}
		})
	}
}

func TestEveryAlterationIsSeen(t *testing.T) {
	link, _ := EncodeLink(parsed(t, small))
	for i := len(linkPrefix); i < len(link)-1; i++ {
		other := byte('A')
		if link[i] == other {
			other = 'B'
		}
		if _, err := DecodeLink(link[:i] + string(other) + link[i+1:]); err == nil {
			t.Fatalf("character %d can be altered", i)
		}
	}
}

func TestTooLargeForLink(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte('!' + r.IntN(90))
	}
	d := &Document{Blocks: []Block{{Kind: Prose, Text: strings.ReplaceAll(string(noise), "`", "'")}}}
	_, err := EncodeLink(d)
	var e *Error
	if !errors.As(err, &e) || e.Kind != TooLong || !strings.Contains(e.Message, "too large for a link") {
		t.Error(err)
	}
	d.Blocks[0].Text = "\xff"
	if _, err := EncodeLink(d); !errors.As(err, &e) || e.Kind != Syntax {
		t.Error("a document that cannot be read again has no link:", err)
	}
}

func FuzzDecodeLink(f *testing.F) {
	link, _ := EncodeLink(parsed(f, small))
	for _, s := range []string{link, "1.", "2.AAAA", link[:40], pack(nil), pack([]byte(head0))} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, link string) {
		d, err := DecodeLink(link)
		if err != nil {
			if err.(*Error).Message == "" {
				t.Fatal("an error without words")
			}
			return
		}
		again, err := EncodeLink(d)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := DecodeLink(again); err != nil || !back.Equal(d) {
			t.Fatal("the link changes the document", err)
		}
	})
}

// FuzzInflate skips the base64, so that random bytes reach the decompression.
func FuzzInflate(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x03\x00"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) < 5 {
			return
		}
		if text, err := inflate(payload); err == nil && len(text) > MaxText {
			t.Fatal(len(text))
		}
	})
}

const (
	linkWordsSum = 0xb3f679f3
	oldLink      = "1.44cix2yUzU7DMBCE73mKEUgIKiBJi1QRtZw5AJf0AWqSFbUae6O1C4eKd0d2f4KrXC17tP5mZse510Z13RH-PKFflg_T6ap4rp7KqpiP0D8wv8YrqVbbryyr2RAmvbCjCW6wcI3o3r-ojsTflneL_HjwmMDHQXg5ePmmnY8uOOx_kecII556kPizCn0_uXlp_aww2fkns385ig_eWQhx1nuELY2GW4LfKA_tYNmDd-KqqLw2SrYt_9gkNB_0TYI9ZGfPqIP0eiRy9YZ7tNxsl1ef8EI09Drc_gsAAP__"
)
