package main

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// shape is what the client sends and takes in one operation.
type shape struct{ sends, takes any }

// page is the shape of an operation that only gives a list.
func page[T any]() shape { return shape{takes: client.Page[T]{}} }

// command is the shape of a command.
func command(body client.Command) shape { return shape{sends: body, takes: client.Request{}} }

// spoken are the operations that the client speaks.
func spoken() map[string]shape {
	return map[string]shape{
		"create-request":  {client.NewRequest{}, client.Accepted{}},
		"list-requests":   page[client.RequestLine](),
		"search-requests": {client.Search{}, client.Page[client.RequestLine]{}},
		"get-request":     {nil, client.Request{}}, "get-request-person": {nil, client.PersonView{}},
		"get-timeline": page[client.Entry](), "list-notes": page[client.Note](), "list-messages": page[client.MessageLine](),
		"get-message": {nil, client.Message{}}, "add-note": {nil, client.Created{}}, "get-progress": {nil, client.Progress{}},
		"list-packages": page[client.Package](), "list-redactions": page[client.Redaction](), "list-tasks": page[client.Task](),
		"add-redaction": {client.NewRedaction{}, client.Created{}}, "list-obligations": page[client.BoardLine](),
		"list-case-obligations": page[client.Obligation](), "list-systems": page[client.System](), "get-system": {nil, client.System{}},
		"create-system": {client.NewSystem{}, client.System{}}, "change-system": {client.SystemChange{}, client.System{}},
		"test-system": {nil, client.Check{}}, "preview-system": {nil, client.Check{}}, "list-datasets": page[client.DatasetLine](),
		"get-dataset": {nil, client.Dataset{}}, "put-dataset": {nil, client.SavedDataset{}}, "scan-system": {client.ScanWish{}, client.Scan{}}, "get-tenant": {nil, client.Tenant{}},
		"list-staff": page[client.Staff](), "add-staff": {client.NewStaff{}, client.Staff{}}, "get-caller": {nil, client.Caller{}},
		"list-inquiries": page[client.Inquiry](), "answer-inquiry": {client.InquiryAnswer{}, client.Created{}}, "close-inquiry": {client.InquiryClose{}, client.Created{}},
		"repeat-inquiry": {nil, client.Created{}}, "add-inquiry-file": {nil, client.Created{}}, "list-recipients": {nil, client.RecipientList{}}, "tell-recipient": {client.RecipientTelling{}, client.RecipientList{}},
		"list-api-keys": page[client.Key](), "create-api-key": {client.NewKey{}, client.CreatedKey{}}, "get-checkpoint": {nil, client.Checkpoint{}},
		"assign-request": {nil, client.Request{}}, "reopen-request": {nil, client.Request{}},
		"approve-plan": command(client.ApprovePlan{}), "list-holds": page[client.LegalHold](), "approve-request": command(client.Approve{}), "recollect-request": command(client.Recollect{}), "refuse-request": command(client.Refuse{}),
		"withdraw-request": command(client.Withdraw{}), "cancel-request": command(client.Cancel{}), "extend-request": command(client.Extend{}),
		"pause-request": command(client.Hold{}), "resume-request": command(client.Resume{}), "ask-clarification": command(client.AskClarification{}),
		"clarified": command(client.Clarified{}), "confirm-identity": command(client.ConfirmIdentity{}), "reject-identity": command(client.RejectIdentity{}),
		"mark-spam": command(client.MarkSpam{}), "write-message": {nil, client.Created{}}, "add-identity-document": {nil, client.Created{}},
		"list-identity-documents": page[client.Document](), "list-webhooks": page[client.Webhook](), "stop-system": {nil, client.System{}},
		"create-webhook": {client.NewWebhook{}, client.CreatedWebhook{}}, "change-webhook": {client.WebhookChange{}, client.Webhook{}},
		"resume-system":   {nil, client.System{}},
		"list-requesters": page[client.Requester](), "create-requester": {client.NewRequester{}, client.CreatedRequester{}},
		"change-requester": {client.RequesterChange{}, client.Requester{}}, "replace-requester-key": {nil, client.CreatedRequester{}},
		"import-agents": {client.Directory{}, client.ImportedAgents{}}, "get-processor-key": {nil, client.ProcessorKey{}},
		"replace-processor-key": {nil, client.ProcessorKey{}}, "set-processor-certificate": {client.Certificate{}, client.ProcessorKey{}},
		"uphold-request": command(client.Uphold{}), "get-limits": {nil, client.RequestLimits{}}, "list-limits": page[client.Limit](),
		"record-balance": {client.NewBalanceTest{}, client.RequestLimits{}}, "lift-limit": {client.Lifting{}, client.RequestLimits{}},
		"get-corrections": {nil, client.Corrections{}}, "propose-correction": {client.NewCorrection{}, client.Created{}},
		"decide-correction": {client.CorrectionDecision{}, client.Created{}}, "correct-request": command(client.Correct{}),
		"list-appeals": page[client.Appeal](), "add-appeal": {client.NewAppeal{}, client.Created{}},
		"decide-appeal": {client.AppealDecision{}, client.Created{}}, "extend-appeal": {client.AppealExtension{}, client.Created{}},
		"get-decision": {nil, client.Contested{}}, "say-decision-makers": {client.DecisionMakers{}, client.Created{}},
		"list-transmissions": page[client.Transmission](), "transmit": {client.NewTransmission{}, client.Created{}}, "refuse-transmission": {client.TransmissionRefusal{}, client.Created{}},
		"list-transmission-links": page[client.TransmissionLink](), "make-transmission-link": {client.NewTransmissionLink{}, client.MadeTransmissionLink{}}, "end-transmission-link": {nil, client.Created{}},
		"create-consent-import": {client.NewConsentImport{}, client.ConsentImport{}}, "check-consent-import": {client.ImportWhole{}, client.ConsentImport{}},
		"run-consent-import": {client.ImportRun{}, client.ConsentImport{}}, "stop-consent-import": {nil, client.ConsentImport{}}, "get-consent-import": {nil, client.ConsentImport{}}, "list-consent-imports": page[client.ConsentImport](),
		"sign-up": {client.NewSignUp{}, client.SignUp{}}, "get-sign-up": {nil, client.SignUp{}}, "get-sign-up-form": {nil, client.SignUpForm{}},
		"get-consent-funnel": {nil, client.ConsentFunnel{}},
		"make-consent-links": {client.NewConsentLinks{}, client.ConsentLinks{}}, "list-link-keys": page[client.LinkKey](),
		"rotate-link-keys": {nil, client.LinkKey{}}, "revoke-link-key": {nil, client.Page[client.LinkKey]{}},
		"list-consent-receivers": page[client.ConsentReceiver](), "create-consent-receiver": {client.NewConsentReceiver{}, client.CreatedConsentReceiver{}},
		"change-consent-receiver": {client.ConsentReceiverChange{}, client.ConsentReceiver{}}, "replace-receiver-secret": {nil, client.CreatedConsentReceiver{}},
		"retire-consent-receiver": {nil, client.ConsentReceiver{}}, "test-consent-receiver": {nil, client.TestedConsentReceiver{}},
		"read-consent-changes": {nil, client.ConsentChanges{}}, "confirm-consent-changes": {client.ChangesDone{}, client.ChangesConfirmed{}},
		"import-suppressions": {client.SuppressionList{}, client.SuppressionsAdded{}}, "search-suppressions": {client.SuppressionSearch{}, client.SuppressionsFound{}},
		"list-consent-handovers": page[client.ConsentHandover](),
		"check-consent":          {client.ConsentCheck{}, client.ConsentAnswer{}},
		"check-consents":         {client.ConsentBatch{}, client.ConsentBatchAnswers{}},
		"record-consents":        {client.ConsentEvents{}, client.RecordedConsents{}}, "get-consents": {client.ConsentLookUp{}, client.ConsentPerson{}},
		"list-consent-purposes": page[client.ConsentPurpose](), "put-consent-purpose": {client.PurposeChange{}, client.ConsentPurpose{}},
		"add-consent-text":  {client.NewConsentText{}, client.ConsentText{}},
		"check-use":         {client.Use{}, client.UseDecision{}},
		"check-use-list":    {client.UseOfMany{}, client.UseOfManyDecision{}},
		"end-suppression":   {client.CameBack{}, client.SuppressionsEnded{}},
		"list-mail-domains": page[client.MailDomain](), "add-mail-domain": {client.NewMailDomain{}, client.MailDomain{}}, "verify-mail-domain": {nil, client.MailDomain{}},
		"check-mail":   {nil, client.MailReport{}},
		"retry-system": command(client.RetrySystem{}), "exclude-system": command(client.ExcludeSystem{}), "acknowledge-escalation": command(client.Acknowledge{}),
	}
}

// schema is the part of a JSON schema that names fields.
type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Items      *schema
}

type content map[string]struct{ Schema schema }

type openAPI struct {
	Paths map[string]map[string]struct {
		OperationID string
		RequestBody struct{ Content content }
		Responses   map[string]struct{ Content content }
	}
	Components struct{ Schemas map[string]schema }
}

// The client's types have the fields of the OpenAPI document that the server gives out, no more and no fewer: JSON that
// goes through the client loses nothing.
func TestClientIsWhatTheServerSpeaks(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	response, err := http.Get(d.env["DOCKET_URL"] + "/openapi.json")
	require.NoError(t, err)
	defer response.Body.Close()
	var document openAPI
	require.NoError(t, json.NewDecoder(response.Body).Decode(&document))
	found := map[string]bool{}
	for _, path := range document.Paths {
		for _, op := range path {
			want, ok := spoken()[op.OperationID]
			if !ok {
				continue
			}
			found[op.OperationID] = true
			if want.sends != nil {
				document.compare(t, op.OperationID+" sends", reflect.TypeOf(want.sends), op.RequestBody.Content["application/json"].Schema)
			}
			for status, answer := range op.Responses {
				if strings.HasPrefix(status, "2") {
					document.compare(t, op.OperationID+" takes", reflect.TypeOf(want.takes), answer.Content["application/json"].Schema)
				}
			}
		}
	}
	require.Len(t, found, len(spoken()), "operations that the server does not know")
}

func (o openAPI) compare(t *testing.T, at string, is reflect.Type, said schema) {
	t.Helper()
	for said.Ref != "" {
		said = o.Components.Schemas[strings.TrimPrefix(said.Ref, "#/components/schemas/")]
	}
	for is.Kind() == reflect.Pointer {
		is = is.Elem()
	}
	if is.Kind() == reflect.Slice && said.Items != nil {
		o.compare(t, at+"[]", is.Elem(), *said.Items)
		return
	}
	if is.Kind() != reflect.Struct || len(said.Properties) == 0 {
		return
	}
	fields := fieldsOf(is)
	var want, got []string
	for name := range said.Properties {
		if name != "$schema" {
			want = append(want, name)
		}
	}
	for name, field := range fields {
		got = append(got, name)
		o.compare(t, at+"."+name, field, said.Properties[name])
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(t, want, got, at)
}

// fieldsOf lists a struct's fields by their JSON names, embedded ones included.
func fieldsOf(is reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range is.NumField() {
		field := is.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous:
			for name, inner := range fieldsOf(field.Type) {
				out[name] = inner
			}
		case name != "-" && name != "":
			out[name] = field.Type
		}
	}
	return out
}

// The problem that the client reads is the one that the server writes.
func TestProblemIsWhatTheServerSpeaks(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	c, err := client.New(client.Config{URL: d.env["DOCKET_URL"], Key: d.env["DOCKET_API_KEY"]})
	require.NoError(t, err)
	_, err = c.Request(t.Context(), uuid.New())
	var p *client.Problem
	require.ErrorAs(t, err, &p)
	require.Equal(t, http.StatusNotFound, p.Status)
	require.Equal(t, "not-found", p.Code)
	require.Contains(t, p.Instance, "urn:uuid:")
	require.False(t, p.Temporary())
}
