package seal

import (
	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// Temporal gives the data converter and the failure converter for a Temporal client, worker or test environment. They
// come from one place because either without the other leaves plaintext in histories: error messages and stack traces
// don't pass through the data converter.
func Temporal(codec *PayloadCodec) (converter.DataConverter, converter.FailureConverter) {
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), codec)
	return data, newFailureConverter(codec)
}

// failureConverter seals messages, stack traces and details of errors. The SDK's own doesn't take a serialization
// context, so this one passes it on.
type failureConverter struct {
	codec *PayloadCodec
	sdk   converter.FailureConverter
}

func newFailureConverter(codec *PayloadCodec) *failureConverter {
	carrying := *codec
	carrying.carried = true
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), &carrying)
	return &failureConverter{
		codec: &carrying,
		sdk: temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
			DataConverter:          data,
			EncodeCommonAttributes: true,
		}),
	}
}

// WithSerializationContext binds what is written from here on to the workflow at work. Reading accepts what other
// workflows of the namespace wrote: a child's failure reaches its parent's caller as the child sealed it.
func (f *failureConverter) WithSerializationContext(sc converter.SerializationContext) converter.FailureConverter {
	bound, ok := f.codec.WithSerializationContext(sc).(*PayloadCodec)
	if !ok {
		return f
	}
	return newFailureConverter(bound)
}

func (f *failureConverter) ErrorToFailure(err error) *failurepb.Failure {
	return f.sdk.ErrorToFailure(err)
}

func (f *failureConverter) FailureToError(failure *failurepb.Failure) error {
	return f.sdk.FailureToError(failure)
}
