package workflows_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// trace is a word that was found where it must not be.
type trace struct{ where, word, form, around string }

// traces looks for words in anything that was taken out of a store: as they are and in every form that a database, a letter or a program gives them.
type traces struct{ forms []written }

// written is a word in one form; all is what is looked for, in small letters where these don't matter.
type written struct {
	word, form string
	all        []byte
	exact      bool
}

func tracesOf(words ...string) *traces {
	t := &traces{}
	for _, word := range words {
		for form, texts := range formsOf(word) {
			exact := strings.HasPrefix(form, "base64")
			for _, text := range texts {
				if !exact {
					text = strings.ToLower(text)
				}
				t.forms = append(t.forms, written{word, form, []byte(text), exact})
			}
		}
	}
	return t
}

// formsOf are the ways in which a word can be written.
func formsOf(word string) map[string][]string {
	wide := func(order binary.AppendByteOrder) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune(word)) {
			out = order.AppendUint16(out, unit)
		}
		return string(out)
	}
	little, big := wide(binary.LittleEndian), wide(binary.BigEndian)
	forms := map[string][]string{
		"plain":      {word},
		"hex":        {hex.EncodeToString([]byte(word))},
		"utf-16":     {little, big, hex.EncodeToString([]byte(little)), hex.EncodeToString([]byte(big))},
		"url":        {url.QueryEscape(word), url.PathEscape(word), each(word, "%%%02x")},
		"sql":        {strings.ReplaceAll(word, "'", "''"), strings.ReplaceAll(word, `\`, `\\`), each(word, `\%03o`)},
		"json":       {escaped(word)},
		"html":       {html.EscapeString(word), each(word, "&#%d;")},
		"quoted":     {each(word, "=%02x")},
		"base64":     shifted(base64.StdEncoding, word),
		"base64-url": shifted(base64.URLEncoding, word),
	}
	forms["base64 of utf-16"] = slices.Concat(shifted(base64.StdEncoding, little), shifted(base64.StdEncoding, big))
	return forms
}

// each writes every byte of a word in a format.
func each(word, format string) string {
	var out strings.Builder
	for _, b := range []byte(word) {
		fmt.Fprintf(&out, format, b)
	}
	return out.String()
}

// escaped writes every character as JSON and JavaScript may.
func escaped(word string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(word)) {
		fmt.Fprintf(&out, `\u%04x`, unit)
	}
	return out.String()
}

// shifted is what a word looks like in base64 wherever it begins: of three bytes the first and the last share a character with what stands beside them.
func shifted(encoding *base64.Encoding, word string) (out []string) {
	for offset := range 3 {
		text := encoding.EncodeToString(append(bytes.Repeat([]byte{'x'}, offset), word...))
		text = strings.TrimRight(text, "=")
		from, to := (offset*8+5)/6, len(text)
		if (len(word)+offset)%3 != 0 {
			to--
		}
		out = append(out, text[from:to])
	}
	return out
}

// packed is compressed content as a dump shows it.
var packed = regexp.MustCompile(`\\\\?x1f8b08[0-9a-f]*`)

// breaks are what mail and dumps break lines with in the middle of a word.
var breaks = strings.NewReplacer("=\r\n", "", `=\r\n`, "", `=\n`, "", "=\n", "", "\r\n", "", `\r\n`, "", `\n`, "", "\n", "")

// in tells the traces of the words in what stands somewhere, looking into what is compressed there.
func (t *traces) in(where string, data []byte) (found []trace) {
	joined := []byte(breaks.Replace(string(data)))
	for _, text := range [][]byte{data, joined} {
		small := bytes.ToLower(text)
		for _, f := range t.forms {
			within := small
			if f.exact {
				within = text
			}
			if at := bytes.Index(within, f.all); at >= 0 {
				found = append(found, trace{where, f.word, f.form, fmt.Sprintf("%q", within[max(0, at-120):min(len(within), at+120)])})
			}
		}
	}
	for _, inner := range unpacked(data) {
		found = append(found, t.in(where+", unpacked", inner)...)
	}
	return found
}

// unpacked is what is compressed in something.
func unpacked(data []byte) (out [][]byte) {
	for _, token := range packed.FindAll(data, -1) {
		if inner, err := hex.DecodeString(strings.TrimLeft(string(token), `\x`)); err == nil {
			out = append(out, unpacked(inner)...)
		}
	}
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		for _, f := range z.File {
			if r, err := f.Open(); err == nil {
				text, _ := io.ReadAll(r) // as far as it can be read
				out = append(out, text, []byte(f.Name))
			}
		}
	}
	if z, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		text, _ := io.ReadAll(z) // as far as it can be read
		out = append(out, text)
	}
	return out
}

// none wants nothing to have been found.
func none(t *testing.T, found []trace) {
	t.Helper()
	for _, f := range found {
		t.Errorf("%s: %q stands there (%s): %s", f.where, f.word, f.form, f.around)
	}
}

// words are those of which something was found.
func words(found []trace) (out []string) {
	for _, f := range found {
		if !slices.Contains(out, f.word) {
			out = append(out, f.word)
		}
	}
	return out
}

// The search finds a word in each form, wherever it begins, compressed too, and nothing where there is nothing.
func TestTracesAreFoundInEveryForm(t *testing.T) {
	t.Parallel()
	const word = `Wiele'w\aal-Ó`
	search := tracesOf(word)
	require.Empty(t, search.in("nowhere", bytes.Repeat([]byte("somebody else "), 100)))
	for form, texts := range formsOf(word) {
		for _, text := range texts {
			forms := map[string]bool{}
			for _, f := range search.in("a line", []byte("before "+text+" after")) {
				forms[f.form] = true
			}
			require.True(t, forms[form], "%s: %s", form, text)
		}
	}
	for offset := range 7 {
		hidden := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("ø", offset) + word + " sings"))
		require.Equal(t, []string{word}, words(search.in("base64", []byte(hidden))), "base64 behind %d characters", offset)
		require.Equal(t, []string{word}, words(search.in("base64", []byte(hidden[:9]+"\r\n"+hidden[9:]))), "broken in the middle")
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write([]byte("within " + word))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.Equal(t, []string{word}, words(search.in("gzip", zipped.Bytes())))
	require.Equal(t, []string{word}, words(search.in("dump", []byte("1\t\\\\x"+hex.EncodeToString(zipped.Bytes())+"\t2"))))
	var archive bytes.Buffer
	a := zip.NewWriter(&archive)
	f, err := a.Create("a.txt")
	require.NoError(t, err)
	_, err = f.Write([]byte(strings.ToUpper(word)))
	require.NoError(t, err)
	require.NoError(t, a.Close())
	require.Equal(t, []string{word}, words(search.in("zip", archive.Bytes())))
}
