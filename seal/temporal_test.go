package seal_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"github.com/privacy-docket/docket/seal"
)

func TestFailuresCarryNoPlaintext(t *testing.T) {
	t.Parallel()
	_, failures := seal.Temporal(newCodec(t, "docket"))
	bound := converter.WithFailureConverterSerializationContext(failures, converter.WorkflowSerializationContext{Namespace: "docket", WorkflowID: "case-1"})
	cause := errors.New("cause " + canary)
	err := temporal.NewApplicationErrorWithOptions("message "+canary, "CollectFailed", temporal.ApplicationErrorOptions{Cause: cause, Details: []any{"detail " + canary}})
	failure := bound.ErrorToFailure(err)
	wire, marshalErr := proto.Marshal(failure)
	require.NoError(t, marshalErr)
	require.NotContains(t, string(wire), canary)
	require.Equal(t, "Encoded failure", failure.Message)
	require.Equal(t, "Encoded failure", failure.Cause.Message)

	read := bound.FailureToError(proto.CloneOf(failure))
	var application *temporal.ApplicationError
	require.ErrorAs(t, read, &application)
	require.Equal(t, "message "+canary, application.Message())
	var detail string
	require.NoError(t, application.Details(&detail))
	require.Equal(t, "detail "+canary, detail)
	require.ErrorContains(t, errors.Unwrap(read), canary)

	parent := converter.WithFailureConverterSerializationContext(failures, converter.WorkflowSerializationContext{Namespace: "docket", WorkflowID: "parent"})
	require.ErrorContains(t, parent.FailureToError(proto.CloneOf(failure)), canary, "a child's failure is readable above it")
	elsewhere := converter.WithFailureConverterSerializationContext(failures, converter.WorkflowSerializationContext{Namespace: "other", WorkflowID: "case-1"})
	require.NotContains(t, elsewhere.FailureToError(proto.CloneOf(failure)).Error(), canary)
}

// recorder keeps every payload that is written, as it would go to the server.
type recorder struct {
	converter.DataConverter
	log *payloadLog
}

type payloadLog struct {
	mu       sync.Mutex
	payloads []*commonpb.Payload
}

func (r recorder) WithSerializationContext(sc converter.SerializationContext) converter.DataConverter {
	return recorder{converter.WithDataConverterSerializationContext(r.DataConverter, sc), r.log}
}

func (r recorder) ToPayload(value any) (*commonpb.Payload, error) {
	p, err := r.DataConverter.ToPayload(value)
	r.log.add(p)
	return p, err
}

func (r recorder) ToPayloads(values ...any) (*commonpb.Payloads, error) {
	p, err := r.DataConverter.ToPayloads(values...)
	r.log.add(p.GetPayloads()...)
	return p, err
}

func (l *payloadLog) add(payloads ...*commonpb.Payload) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.payloads = append(l.payloads, payloads...)
}

type note struct{ Text string }

func parentWorkflow(ctx workflow.Context, in note) (note, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}})
	var signalled note
	workflow.GetSignalChannel(ctx, "say").Receive(ctx, &signalled)
	var echoed note
	if err := workflow.ExecuteActivity(ctx, echoActivity, note{in.Text + signalled.Text}).Get(ctx, &echoed); err != nil {
		return note{}, err
	}
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: "the-child"})
	var grown note
	if err := workflow.ExecuteChildWorkflow(child, childWorkflow, echoed).Get(ctx, &grown); err != nil {
		return note{}, err
	}
	err := workflow.ExecuteActivity(ctx, failActivity, grown).Get(ctx, nil)
	if err == nil || !strings.Contains(err.Error(), grown.Text) {
		return note{}, errors.New("the activity's failure did not come back readable")
	}
	return grown, nil
}

func childWorkflow(_ workflow.Context, in note) (note, error) { return note{in.Text + "!"}, nil }

func echoActivity(ctx context.Context, in note) (note, error) {
	activity.RecordHeartbeat(ctx, in)
	return in, nil
}

func failActivity(_ context.Context, in note) error {
	return temporal.NewApplicationError("failed for "+in.Text, "Failed", in)
}

func TestWorkflowRunsOverTheCodec(t *testing.T) {
	t.Parallel()
	data, failures := seal.Temporal(newCodec(t, "default-test-namespace"))
	log := &payloadLog{}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetDataConverter(recorder{data, log})
	env.SetFailureConverter(failures)
	env.RegisterWorkflow(parentWorkflow)
	env.RegisterWorkflow(childWorkflow)
	env.RegisterActivity(echoActivity)
	env.RegisterActivity(failActivity)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow("say", note{"-said"}) }, time.Hour)
	env.ExecuteWorkflow(parentWorkflow, note{canary})
	require.NoError(t, env.GetWorkflowError())
	var result note
	require.NoError(t, env.GetWorkflowResult(&result))
	require.Equal(t, canary+"-said!", result.Text)

	require.Greater(t, len(log.payloads), 6, "input, signal, activity, child and result")
	workflows := map[string]bool{}
	for _, p := range log.payloads {
		wire, err := proto.Marshal(p)
		require.NoError(t, err)
		require.NotContains(t, string(wire), canary)
		require.Equal(t, seal.SealedEncoding, string(p.Metadata["encoding"]))
		workflows[string(p.Metadata["docket-workflow"])] = true
	}
	require.Contains(t, workflows, "the-child")
	require.Len(t, workflows, 2, "each payload is bound to the parent or the child")
}
