package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/sample"
)

// commanded is a command of somebody, after which the request is to be in a state. One that is refused because a start that
// broke off had given it already, and the workflow has come to it since, has done what it was for.
func commanded(by func(*caseload) *client.Client, what string, command client.Command, state string) step {
	return func(ctx context.Context, p *part) error {
		_, err := by(p.caseload).Command(ctx, p.once(what), p.id, command)
		var refused *client.Problem
		if errors.As(err, &refused) && refused.Status == http.StatusConflict {
			if r, e := p.request(ctx); e == nil && r.State == state {
				return nil
			}
		}
		if err != nil {
			return err
		}
		return p.await(ctx, state)
	}
}

func theAgent(c *caseload) *client.Client   { return c.agent }
func theOfficer(c *caseload) *client.Client { return c.dpo }

// noted puts a note into the file.
func noted(text string) step {
	return func(ctx context.Context, p *part) error {
		notes, err := p.agent.Notes(ctx, p.id)
		if err != nil || len(notes.Items) > 0 {
			return err
		}
		_, err = p.agent.AddNote(ctx, p.once("note"), p.id, text)
		return err
	}
}

// assigned gives the request to the agent.
func assigned(ctx context.Context, p *part) error {
	_, err := p.dpo.Assign(ctx, p.id, &p.agentID)
	return err
}

// prepared puts on record that the agent had prepared the decision that the person contests.
func prepared(ctx context.Context, p *part) error {
	return p.dpo.SayDecisionMakers(ctx, p.once("makers"), p.id, client.DecisionMakers{Makers: []uuid.UUID{p.agentID}})
}

// shown keeps a document that the person showed, for the agent to decide on.
func shown(ctx context.Context, p *part) error {
	if err := p.await(ctx, "verifying"); err != nil {
		return err
	}
	there, err := p.agent.Documents(ctx, p.id)
	if err != nil || len(there.Items) > 0 {
		return err
	}
	document, err := paper()
	if err != nil {
		return err
	}
	_, err = p.agent.AddDocument(ctx, p.id, document)
	return err
}

// wrote sends the person a message.
func wrote(text string) step {
	return func(ctx context.Context, p *part) error {
		_, err := p.agent.WriteMessage(ctx, p.once("message"), p.id, text)
		return err
	}
}

// leftOut takes the words of the service desk out of the answer.
func leftOut(ctx context.Context, p *part) error {
	there, err := p.agent.Redactions(ctx, p.id)
	if err != nil || len(there.Items) > 0 {
		return err
	}
	_, err = p.agent.AddRedaction(ctx, p.once("redaction"), p.id, client.NewRedaction{
		System: sample.CRM, Dataset: sample.CRM, Collection: "messages", Field: "body", Ground: "anothers_rights",
		Note: "The messages name other customers.",
	})
	return err
}

// extended puts the answer off, once.
func extended(ctx context.Context, p *part) error {
	r, err := p.request(ctx)
	if err != nil || r.Extension != nil {
		return err
	}
	_, err = p.dpo.Command(ctx, p.once("extend"), p.id, client.Extend{Reason: "number_of_requests"})
	return err
}

// unasked does something to a request about which the person was never asked anything.
func unasked(do step) step {
	return func(ctx context.Context, p *part) error {
		r, err := p.request(ctx)
		before := func(pause client.Pause) bool { return pause.Kind == "clarification" }
		if err != nil || slices.ContainsFunc(r.Pauses, before) {
			return err
		}
		return do(ctx, p)
	}
}

// asked puts a question to the person that the clock waits for.
func asked(text string) step {
	return unasked(commanded(theAgent, "question", client.AskClarification{Question: text}, "clarifying"))
}

// paper draws what stands for a document: a card with a photograph's place and lines. Nobody's data is on it.
func paper() ([]byte, error) {
	card := image.NewRGBA(image.Rect(0, 0, 480, 300))
	fill := func(x0, y0, x1, y1 int, c color.Color) {
		draw.Draw(card, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(0, 0, 480, 300, color.RGBA{R: 0xe8, G: 0xee, B: 0xf2, A: 0xff})
	fill(0, 0, 480, 48, color.RGBA{R: 0x2f, G: 0x5d, B: 0x50, A: 0xff})
	fill(24, 76, 144, 236, color.RGBA{R: 0xb9, G: 0xc6, B: 0xce, A: 0xff})
	for i, width := range []int{240, 200, 260, 120, 220} {
		fill(172, 84+i*32, 172+width, 98+i*32, color.RGBA{R: 0x8a, G: 0x99, B: 0xa3, A: 0xff})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, card); err != nil {
		return nil, fmt.Errorf("draw a document: %w", err)
	}
	return out.Bytes(), nil
}
