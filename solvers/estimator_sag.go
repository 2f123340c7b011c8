package solvers

// SAG is the stochastic average gradient: the mean of a table that holds the last gradient of every part of the data.
//
//	t_B ← ∇f_B(w), then g = mean(t)
//
// The estimate is biased: it lags behind the weights. Its variance is smaller than SAGA's, and falls to zero. With SGD
// and a constant step η = 1/(16L) it converges linearly on a mean of n L-smooth convex functions that is μ-strongly
// convex: f−f* falls by min(μ/(16L), 1/(8n)) an iteration, in the mean. StepSAG gives that step; 1/L is what is often
// used. There is no theory for a proximal operator: SAGA has one.
//
// Table, memory and cost are those of SAGA.
//
// Le Roux, Schmidt & Bach 2012; the rate from Schmidt, Le Roux & Bach 2017. The mean is over all n from the first step
// on.
type SAG struct {
	Fill bool // fills the table at the first weights, in a pass of n component gradients; else it begins with zeros
	// data with random numbers, as of augmentation and dropout: keep each example's first ones for the whole run
	Lock bool
	Seed uint64 // of the partition into blocks
}

// Memory is that of the table, the table's mean, and working space.
func (SAG) Memory(obj Objective, batch int) int64 { return tableMemory(obj, batch) }

// Open begins a run. Data that is drawn anew each time is an error unless Lock is set: the table would be of other
// functions.
func (s SAG) Open(obj Objective, sampler Sampler) (Source, error) {
	return openTable(obj, sampler, tableSettings{fill: s.Fill, lock: s.Lock, seed: s.Seed, average: true})
}

// Wholes says that all iterations see the sampler's batch, where the table's blocks are of its size.
func (SAG) Wholes(o Objective, s Sampler) (func(int64) bool, bool) { return nil, tablePlanned(o, s) }
