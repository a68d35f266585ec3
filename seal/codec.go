package seal

import (
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

const (
	// SealedEncoding is the encoding name of a payload that this codec has written.
	SealedEncoding = "binary/docket-sealed"
	// metadataKey names the key that was in use when the payload was written.
	metadataKey = "docket-key"
	// metadataWorkflow is the workflow that the payload is bound to; absent when the SDK gave none.
	metadataWorkflow = "docket-workflow"
	nullEncoding     = "binary/null"
)

// PayloadCodec encrypts every payload that workflows write, and binds it to the namespace and, where the SDK tells which
// workflow it is for, to that workflow. It is safe for concurrent use.
//
// Decoding fails closed: a payload that is not sealed is refused, except an empty null, which carries nothing. Search
// attributes never come through a codec.
type PayloadCodec struct {
	key       *CodecKey
	namespace string
	// workflow is the workflow at work, from the SDK's serialization context; "" when unknown.
	workflow string
	// carried lets payloads of other workflows open, as they are part of failures that travel from child to parent.
	carried bool
}

// NewCodec makes the codec of one Temporal namespace.
func NewCodec(key *CodecKey, namespace string) *PayloadCodec {
	return &PayloadCodec{key: key, namespace: namespace}
}

// WithSerializationContext is called by the SDK with the workflow that payloads belong to.
func (c *PayloadCodec) WithSerializationContext(sc converter.SerializationContext) converter.PayloadCodec {
	bound := *c
	switch at := sc.(type) {
	case converter.WorkflowSerializationContext:
		bound.namespace, bound.workflow = orElse(at.Namespace, c.namespace), at.WorkflowID
	case converter.ActivitySerializationContext:
		bound.namespace, bound.workflow = orElse(at.Namespace, c.namespace), at.WorkflowID
	}
	return &bound
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// Encode seals each payload, metadata included.
func (c *PayloadCodec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		sealed, err := c.seal(p)
		if err != nil {
			return nil, fmt.Errorf("sealing payload %d: %w", i, err)
		}
		out[i] = sealed
	}
	return out, nil
}

// Decode opens each payload.
func (c *PayloadCodec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		opened, err := c.open(p)
		if err != nil {
			return nil, fmt.Errorf("opening payload %d: %w", i, err)
		}
		out[i] = opened
	}
	return out, nil
}

func (c *PayloadCodec) seal(p *commonpb.Payload) (*commonpb.Payload, error) {
	plaintext, err := proto.Marshal(p)
	if err != nil {
		return nil, err
	}
	data, err := c.key.aead.Encrypt(plaintext, c.place(c.workflow))
	if err != nil {
		return nil, err
	}
	metadata := map[string][]byte{converter.MetadataEncoding: []byte(SealedEncoding), metadataKey: []byte(c.key.id)}
	if c.workflow != "" {
		metadata[metadataWorkflow] = []byte(c.workflow)
	}
	return &commonpb.Payload{Metadata: metadata, Data: data}, nil
}

func (c *PayloadCodec) open(p *commonpb.Payload) (*commonpb.Payload, error) {
	if !isSealed(p) {
		if isNull(p) {
			return p, nil
		}
		return nil, fmt.Errorf("the payload is not encrypted; send it through the codec: %w", ErrOpen)
	}
	written := string(p.GetMetadata()[metadataWorkflow])
	if !c.accepts(written) {
		return nil, fmt.Errorf("the payload belongs to another workflow: %w", ErrOpen)
	}
	plaintext, err := c.key.aead.Decrypt(p.GetData(), c.place(written))
	if err != nil {
		return nil, ErrOpen
	}
	opened := &commonpb.Payload{}
	if err := proto.Unmarshal(plaintext, opened); err != nil {
		return nil, fmt.Errorf("reading the opened payload: %w", err)
	}
	return opened, nil
}

func (c *PayloadCodec) place(workflow string) []byte { return bind("payload", c.namespace, workflow) }

func isSealed(p *commonpb.Payload) bool {
	return string(p.GetMetadata()[converter.MetadataEncoding]) == SealedEncoding
}

func isNull(p *commonpb.Payload) bool {
	return string(p.GetMetadata()[converter.MetadataEncoding]) == nullEncoding && len(p.GetData()) == 0
}
