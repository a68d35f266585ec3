package seal_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"github.com/privacy-docket/docket/seal"
)

func newCodec(t testing.TB, namespace string) *seal.PayloadCodec {
	t.Helper()
	master := newMaster(t)
	wrapped, err := master.NewCodecKey()
	require.NoError(t, err)
	key, err := master.CodecKey(wrapped)
	require.NoError(t, err)
	return seal.NewCodec(key, namespace)
}

func plainPayload(text string) *commonpb.Payload {
	return &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain"), "note": []byte(text)}, Data: []byte(`"` + text + `"`)}
}

func inWorkflow(codec converter.PayloadCodec, namespace, id string) converter.PayloadCodec {
	return codec.(converter.PayloadCodecWithSerializationContext).
		WithSerializationContext(converter.WorkflowSerializationContext{Namespace: namespace, WorkflowID: id})
}

func sealOne(t testing.TB, codec converter.PayloadCodec, p *commonpb.Payload) *commonpb.Payload {
	t.Helper()
	out, err := codec.Encode([]*commonpb.Payload{p})
	require.NoError(t, err)
	require.Len(t, out, 1)
	return out[0]
}

func openOne(codec converter.PayloadCodec, p *commonpb.Payload) (*commonpb.Payload, error) {
	out, err := codec.Decode([]*commonpb.Payload{p})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func TestCodecSealsDataAndMetadata(t *testing.T) {
	t.Parallel()
	codec := inWorkflow(newCodec(t, "docket"), "docket", "case-1")
	plain := plainPayload(canary)
	sealed := sealOne(t, codec, plain)
	require.Equal(t, seal.SealedEncoding, string(sealed.Metadata[converter.MetadataEncoding]))
	require.NotEmpty(t, sealed.Metadata["docket-key"])
	wire, err := proto.Marshal(sealed)
	require.NoError(t, err)
	require.NotContains(t, string(wire), canary)
	require.NotContains(t, string(wire), "json/plain")
	opened, err := openOne(codec, sealed)
	require.NoError(t, err)
	require.True(t, proto.Equal(plain, opened))
	require.True(t, proto.Equal(plainPayload(canary), plain), "the input is not changed")
}

func TestCodecBindsToNamespaceAndWorkflow(t *testing.T) {
	t.Parallel()
	codec := newCodec(t, "docket")
	sealed := sealOne(t, inWorkflow(codec, "docket", "case-1"), plainPayload("x"))

	_, err := openOne(inWorkflow(codec, "docket", "case-2"), sealed)
	require.ErrorIs(t, err, seal.ErrOpen, "another workflow")
	_, err = openOne(inWorkflow(codec, "other", "case-1"), sealed)
	require.ErrorIs(t, err, seal.ErrOpen, "another namespace")
	_, err = openOne(newCodec(t, "docket"), sealed)
	require.ErrorIs(t, err, seal.ErrOpen, "another key")
	_, err = openOne(codec, sealed)
	require.NoError(t, err, "a viewer without a workflow")

	relabelled := proto.Clone(sealed).(*commonpb.Payload)
	relabelled.Metadata["docket-workflow"] = []byte("case-2")
	_, err = openOne(inWorkflow(codec, "docket", "case-2"), relabelled)
	require.ErrorIs(t, err, seal.ErrOpen, "the claim is authenticated")
	delete(relabelled.Metadata, "docket-workflow")
	_, err = openOne(inWorkflow(codec, "docket", "case-2"), relabelled)
	require.ErrorIs(t, err, seal.ErrOpen, "the claim can't be dropped")
}

func TestCodecTreatsActivitiesAsTheirWorkflow(t *testing.T) {
	t.Parallel()
	codec := newCodec(t, "docket")
	activity := codec.WithSerializationContext(converter.ActivitySerializationContext{Namespace: "docket", WorkflowID: "case-1", ActivityType: "collect"})
	sealed := sealOne(t, activity, plainPayload("x"))
	_, err := openOne(inWorkflow(codec, "docket", "case-1"), sealed)
	require.NoError(t, err)
	_, err = openOne(inWorkflow(codec, "docket", "case-2"), sealed)
	require.ErrorIs(t, err, seal.ErrOpen)
}

func TestCodecAcceptsInputsOfSchedules(t *testing.T) {
	t.Parallel()
	codec := newCodec(t, "docket")
	sealed := sealOne(t, inWorkflow(codec, "docket", "retention"), plainPayload("x"))
	_, err := openOne(inWorkflow(codec, "docket", "retention-2026-11-21T17:00:00Z"), sealed)
	require.NoError(t, err)
	for _, id := range []string{"retention-2", "retention-", "retention-2026-11-21", "other-2026-11-21T17:00:00Z"} {
		_, err := openOne(inWorkflow(codec, "docket", id), sealed)
		require.ErrorIs(t, err, seal.ErrOpen, id)
	}
}

func TestCodecFailsClosed(t *testing.T) {
	t.Parallel()
	codec := inWorkflow(newCodec(t, "docket"), "docket", "case-1")
	_, err := openOne(codec, plainPayload("x"))
	require.ErrorIs(t, err, seal.ErrOpen)
	require.ErrorContains(t, err, "not encrypted")
	_, err = openOne(codec, &commonpb.Payload{})
	require.ErrorIs(t, err, seal.ErrOpen)

	null := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("binary/null")}}
	opened, err := openOne(codec, null)
	require.NoError(t, err)
	require.True(t, proto.Equal(null, opened))
	_, err = openOne(codec, &commonpb.Payload{Metadata: null.Metadata, Data: []byte("x")})
	require.ErrorIs(t, err, seal.ErrOpen, "a null carries nothing")
	require.Equal(t, seal.SealedEncoding, string(sealOne(t, codec, null).Metadata["encoding"]), "our own nulls are sealed")

	sealed := sealOne(t, codec, plainPayload("x"))
	for i := range sealed.Data {
		altered := proto.Clone(sealed).(*commonpb.Payload)
		altered.Data[i] ^= 1
		_, err := openOne(codec, altered)
		require.ErrorIs(t, err, seal.ErrOpen)
	}
}

func TestCodecReadsWhatAnOlderKeyWrote(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	wrapped, err := master.NewCodecKey()
	require.NoError(t, err)
	key, err := master.CodecKey(wrapped)
	require.NoError(t, err)
	old := sealOne(t, seal.NewCodec(key, "docket"), plainPayload("x"))
	rotated, err := master.RotateCodecKey(wrapped)
	require.NoError(t, err)
	newKey, err := master.CodecKey(rotated)
	require.NoError(t, err)
	codec := seal.NewCodec(newKey, "docket")
	_, err = openOne(codec, old)
	require.NoError(t, err)
	fresh := sealOne(t, codec, plainPayload("x"))
	require.NotEqual(t, old.Metadata["docket-key"], fresh.Metadata["docket-key"])
	_, err = openOne(seal.NewCodec(key, "docket"), fresh)
	require.ErrorIs(t, err, seal.ErrOpen)
}
