package seal

import (
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// StreamKey encrypts one file, in segments of 1 MiB, so that neither side holds the whole of it.
type StreamKey struct {
	owner  []string
	stream tink.StreamingAEAD
}

// NewStreamKey makes the key of one file and returns it wrapped by the tenant's key.
func (t *TenantKeys) NewStreamKey(id string) ([]byte, error) {
	if err := needAll(id); err != nil {
		return nil, fmt.Errorf("making a stream key: %w", err)
	}
	wrapped, err := newWrapped(streamingaead.AES256GCMHKDF1MBKeyTemplate(), t.kek, t.keyPlace(KindStream, id))
	if err != nil {
		return nil, fmt.Errorf("making a stream key: %w", err)
	}
	return wrapped, nil
}

// StreamKey unwraps what NewStreamKey gave for the same id: ErrOpen for another's, ErrNoKey when it was destroyed.
func (t *TenantKeys) StreamKey(wrapped []byte, id string) (*StreamKey, error) {
	if err := needAll(id); err != nil {
		return nil, fmt.Errorf("opening a stream key: %w", err)
	}
	handle, err := unwrap(wrapped, t.kek, t.keyPlace(KindStream, id))
	if err != nil {
		return nil, fmt.Errorf("opening a stream key: %w", err)
	}
	stream, err := streamingaead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("opening a stream key: %w", err)
	}
	return &StreamKey{owner: []string{"stream", t.tenantID, id}, stream: stream}, nil
}

// Encrypt returns a writer that encrypts into w. The ciphertext is complete only after Close, which doesn't close w.
// The purpose says what the file is, for example "package", and must be given again to decrypt.
func (k *StreamKey) Encrypt(w io.Writer, purpose string) (io.WriteCloser, error) {
	if err := needAll(purpose); err != nil {
		return nil, fmt.Errorf("encrypting a stream: %w", err)
	}
	out, err := k.stream.NewEncryptingWriter(w, k.place(purpose))
	if err != nil {
		return nil, fmt.Errorf("encrypting a stream: %w", err)
	}
	return out, nil
}

// Decrypt returns a reader of the plaintext of r. Bytes are given out only after their segment was authenticated, and
// io.EOF only after the last one was: a stream that was altered or cut ends with ErrOpen, so read it to io.EOF before
// trusting that it is complete.
func (k *StreamKey) Decrypt(r io.Reader, purpose string) (io.Reader, error) {
	source := &sourceReader{r: r}
	in, err := k.stream.NewDecryptingReader(source, k.place(purpose))
	if err != nil {
		return nil, fmt.Errorf("decrypting a stream: %w", err)
	}
	return &streamReader{in: in, source: source}, nil
}

func (k *StreamKey) place(purpose string) []byte {
	return bind(append(append([]string{}, k.owner...), purpose)...)
}

// sourceReader remembers whether the ciphertext itself could be read, which is no verdict on its authenticity.
type sourceReader struct {
	r   io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

type streamReader struct {
	in     io.Reader
	source *sourceReader
}

func (s *streamReader) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	switch {
	case err == nil || errors.Is(err, io.EOF) && s.source.err == nil:
		return n, err
	case s.source.err != nil:
		return n, fmt.Errorf("reading the encrypted stream: %w", s.source.err)
	default:
		return n, fmt.Errorf("decrypting a stream: %w", ErrOpen)
	}
}
