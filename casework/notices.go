package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// Roles of the ladder. The assignee is whoever has the case, or every agent while nobody has it.
const (
	roleAssignee = "assignee"
	roleAgent    = "agent"
	roleOfficer  = "dpo"
)

// tasksOf is the role whose tasks a member of staff is asked to do: what is for officers is for administrators too, and what is for agents for
// leads.
func tasksOf(role string) string {
	switch role {
	case "admin":
		return roleOfficer
	case "lead":
		return roleAgent
	default:
		return role
	}
}

// toldOfTask are the roles that hear of a task: officers all of them, for whoever prepared what they decide on is left out of it.
func toldOfTask(role string) []string {
	if role == roleOfficer {
		return []string{roleOfficer, "admin"}
	}
	return []string{roleAssignee}
}

// giveTask makes a task and tells those who can do it.
func (f *file) giveTask(ctx context.Context, task storage.NewTask, words string) error {
	task.CaseID = f.row.ID
	added, err := f.tx.AddTask(ctx, task)
	if err != nil || !added {
		return err
	}
	due, err := f.answerBy(ctx)
	if err != nil {
		return err
	}
	return f.notice(ctx, "task/"+task.Key, toldOfTask(task.Role), &notify.TaskCreated{Notice: f.noticeFrame(), Task: words, Due: due})
}

func (f *file) noticeFrame() notify.Notice {
	return notify.Notice{
		Tenant: f.tx.Tenant().Name, Reference: f.row.Reference, Right: privacy.Right(f.row.RequestRight), Regime: f.regime.Short,
		Zone: f.tx.Tenant().Zone, Link: f.links.Public + "/console/requests/" + f.row.ID.String(),
	}
}

// announce tells the roles of a milestone what the clock has come to.
func (f *file) announce(ctx context.Context, o storage.Obligation, m privacy.Milestone) error {
	notice, now := f.noticeFrame(), f.tx.Now()
	var err error
	if notice.AckToken, err = f.buttonOf(o.ID); err != nil {
		return err
	}
	key := fmt.Sprintf("clock/%s/%s/%d", o.ID, m.Kind, m.At.Unix())
	words, citation := ObligationWords(privacy.ObligationKind(o.Kind)), o.Deadline.Citation.Text
	switch m.Kind {
	case privacy.MilestoneReminder, privacy.MilestoneSafe:
		return f.notice(ctx, key, m.Roles, &notify.DueSoon{Notice: notice, Obligation: words, Due: o.Due, Now: now, Citation: citation})
	case privacy.MilestoneDue:
		return f.notice(ctx, key, m.Roles, &notify.Overdue{Notice: notice, Obligation: words, Due: o.Due, Now: now, Citation: citation})
	default:
		step, before := rung(o.Ladder, o.Due, m)
		return f.notice(ctx, key, m.Roles, &notify.Escalation{
			Notice: notice, Obligation: words, Due: o.Due, Now: now, Citation: citation, Step: step, Role: first(m.Roles), Before: before,
		})
	}
}

// rung counts the step of the ladder that a milestone stands for, and who was told on the step below.
func rung(ladder privacy.Ladder, due time.Time, m privacy.Milestone) (step int, before string) {
	for i, s := range ladder.Steps {
		if m.Kind == privacy.MilestoneRepeat || due.Add(s.After).Equal(m.At) {
			step = i + 1
			if i > 0 {
				before = first(ladder.Steps[i-1].Roles)
			}
		}
	}
	return max(step, 1), before
}

func first(roles []string) string {
	if len(roles) == 0 {
		return ""
	}
	return roles[0]
}

// ObligationWords says what is owed, as a person would.
func ObligationWords(kind privacy.ObligationKind) string {
	switch kind {
	case privacy.Acknowledge:
		return "Confirm receipt to the person"
	case privacy.Verify:
		return "Finish checking who asks"
	case privacy.Respond:
		return "Answer the person"
	case privacy.ExtensionNotice:
		return "Last day to tell the person that the answer takes longer"
	case privacy.RefusalNotice:
		return "Last day to give reasons for not acting"
	case privacy.Inform:
		return "Tell the person by when the answer will come"
	case privacy.ConfirmErasure:
		return "Tell the person what was erased"
	default:
		return string(kind)
	}
}

// notice sends a staff message to the mailboxes of the roles and, once, to the tenant's Slack channel.
func (f *file) notice(ctx context.Context, key string, roles []string, letter notify.Letter) error {
	rendered, err := notify.Render(notify.English, letter)
	if err != nil {
		return fmt.Errorf("write the notice: %w", err)
	}
	staff, err := f.staffOf(ctx, roles)
	if err != nil {
		return err
	}
	message := storage.NewMessage{CaseID: f.row.ID, Kind: string(letter.Kind())}
	for _, s := range staff {
		message.Key, message.Channel = f.row.ID.String()+"/"+key+"/"+s.ID.String(), string(notify.ChannelEmail)
		if _, err := queueWords(ctx, f.tx, message, notify.Receiver{Name: s.Name, Address: s.Email}, rendered); err != nil {
			return err
		}
	}
	channel := f.tx.Tenant().Settings.SlackChannel
	if channel == "" {
		return nil
	}
	message.Key, message.Channel = f.row.ID.String()+"/"+key+"/slack", string(notify.ChannelSlack)
	_, err = queueWords(ctx, f.tx, message, notify.Receiver{Address: channel}, rendered)
	return err
}

// staffOf finds the people behind the roles. A role that nobody has falls to the administrators, so that no alarm is
// rung in an empty room.
func (f *file) staffOf(ctx context.Context, roles []string) ([]storage.Staff, error) {
	all, err := f.tx.Staff(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s storage.Staff) bool { return !s.Active })
	var found []storage.Staff
	for _, s := range all {
		if slices.ContainsFunc(roles, func(role string) bool { return f.hasRole(s, role) }) {
			found = append(found, s)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	return slices.DeleteFunc(all, func(s storage.Staff) bool { return s.Role != "admin" }), nil
}

func (f *file) hasRole(s storage.Staff, role string) bool {
	if role != roleAssignee {
		return s.Role == role
	}
	if f.row.AssigneeID != nil {
		return s.ID == *f.row.AssigneeID
	}
	return s.Role == roleAgent
}
