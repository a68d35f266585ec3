package pages

import (
	"bytes"
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// forOther marks the form of somebody who asks for another person.
const forOther = "other"

// agentFields are about who asks.
func (v *visit) agentFields(in filled, page view) []field {
	return v.described([]field{
		{Name: "agent_name", Type: "text", Value: in.AgentName, Complete: "name"},
		{Name: "agent_email", Type: "email", Value: in.AgentEmail, Complete: "email"},
		{Name: "standing", Value: in.Standing, Long: true},
	}, in.Other, page)
}

// checkAgent says what is missing about who asks, in the order of the form.
func (v *visit) checkAgent(in filled) []fault {
	if !in.Other {
		return nil
	}
	var faults []fault
	require := func(field, problem string, ok bool) {
		if !ok {
			faults = append(faults, fault{Field: field, Text: v.say(problem)})
		}
	}
	for _, f := range []struct{ name, value string }{{"agent_name", in.AgentName}, {"agent_email", in.AgentEmail}, {"standing", in.Standing}} {
		require(f.name, "error.long", len([]rune(f.value)) <= longest()[f.name])
	}
	require("agent_name", "error.agent_name", in.AgentName != "")
	require("agent_email", "error.email", isMailbox(in.AgentEmail))
	require("standing", "error.standing", in.Standing != "")
	require("proof", cmp.Or(v.sent.dropped, "error.proof"), in.proof != nil)
	return faults
}

// proofsAtOnce bounds how many documents wait in memory: they never touch a disk before they are sealed.
const proofsAtOnce = 4

// chooseAgain says that a document has to be chosen once more when the form comes back for another reason: no page can
// carry it.
func (v *visit) chooseAgain(in filled, faults []fault) []fault {
	if len(faults) == 0 || !in.Other {
		return faults
	}
	for _, f := range faults {
		if f.Field == "proof" {
			return faults
		}
	}
	return append(faults, fault{Field: "proof", Text: v.say("error.again")})
}

// sealProof stores the proof of an agent before the request is filed; nil when the person asks themselves.
func (s *site) sealProof(v *visit, in filled) (*casework.Agent, error) {
	if !in.Other {
		return nil, nil //nolint:nilnil // nobody asks for the person
	}
	proof, err := s.Desk.SealProof(v.Request.Context(), v.tenant.ID, bytes.NewReader(in.proof))
	return &casework.Agent{Proof: proof, Representative: storage.Representative{Name: in.AgentName, Email: in.AgentEmail, Standing: in.Standing}}, err
}

// dropUnused deletes a proof that no request came to have: the form was sent twice, or could not be filed.
func (s *site) dropUnused(ctx context.Context, agent *casework.Agent, used bool) error {
	if agent == nil || used || agent.Proof.ID == uuid.Nil {
		return nil
	}
	return s.Desk.DropProof(ctx, agent.Proof)
}
