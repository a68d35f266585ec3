package mailcatcher

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// FaultMode is a way to misbehave.
type FaultMode string

// The ways to misbehave.
const (
	// Refuse answers the recipient with Code.
	Refuse FaultMode = "refuse"
	// Drop accepts the mail and loses it.
	Drop FaultMode = "drop"
	// HangUp keeps the mail and cuts the connection before the answer, so that the sender can't know.
	HangUp FaultMode = "hang-up"
	// Cut cuts the connection before the answer and keeps nothing.
	Cut FaultMode = "cut"
	// Leave keeps the mail, says so and cuts the connection behind the answer.
	Leave FaultMode = "leave"
	// Silent keeps nothing and never answers.
	Silent FaultMode = "silent"
	// Delay waits before it accepts.
	Delay FaultMode = "delay"
)

const maxDelay = time.Minute

// Fault is an order to misbehave.
type Fault struct {
	// To is the recipient it is for; empty means everyone.
	To   string    `json:"to,omitempty"`
	Mode FaultMode `json:"mode"`
	// Times is how many mails it hits; 0 means all until it is cleared.
	Times int `json:"times,omitempty"`
	// Code is Refuse's SMTP status: 450 (the default) asks to try again, 550 is final.
	Code int `json:"code,omitempty"`
	// DelayMS is Delay's wait in milliseconds.
	DelayMS int `json:"delay_ms,omitempty"`
}

func (f Fault) validate() error {
	switch f.Mode {
	case Drop, HangUp, Cut, Leave, Silent:
	case Refuse:
		if f.Code != 0 && (f.Code < 400 || f.Code > 599) {
			return fmt.Errorf("code %d is no refusal: use 400 to 599", f.Code)
		}
	case Delay:
		if f.DelayMS <= 0 || f.delay() > maxDelay {
			return fmt.Errorf("delay_ms must be between 1 and %d", maxDelay.Milliseconds())
		}
	default:
		return fmt.Errorf("unknown mode %q: use refuse, drop, hang-up, cut, leave, silent or delay", f.Mode)
	}
	if f.Times < 0 {
		return fmt.Errorf("times must not be negative")
	}
	return nil
}

func (f Fault) delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// faults holds the orders in force, one per recipient. They end with the process.
type faults struct {
	mu     sync.Mutex
	orders map[string]*Fault
}

func newFaults() *faults { return &faults{orders: map[string]*Fault{}} }

func (f *faults) set(order Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.orders[strings.ToLower(order.To)] = &order
}

func (f *faults) clear(to string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.orders, strings.ToLower(to))
}

func (f *faults) list() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Fault, 0, len(f.orders))
	for _, order := range f.orders {
		all = append(all, *order)
	}
	return all
}

// take finds the order for a recipient, or the one for everyone, and counts it down.
func (f *faults) take(to string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := strings.ToLower(to)
	order, ok := f.orders[key]
	if !ok {
		key = ""
		order, ok = f.orders[key]
	}
	if !ok {
		return Fault{}, false
	}
	if order.Times > 0 {
		if order.Times--; order.Times == 0 {
			delete(f.orders, key)
		}
	}
	return *order, true
}
