using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>
/// Hosts the safety rules in the vehicle: keeps its own time, which reports it sent and which leases it took. Not thread-safe.
/// </summary>
internal sealed class SafetyLayer(SupervisionRules rules, MapDeclaration map, SafetyMemory memory)
{
    // A report a second and one at each event: half a minute at least, ten times the usual lease.
    private const int Remembered = 256;

    private readonly Queue<(uint HeaderId, long Ms, double AtS)> sent = new();
    private readonly List<(uint LeaseId, double HeldFromS)> leases = [];
    private (DateTimeOffset SentAt, double TakenAtS)? newestLease;
    private long steps;

    public SupervisionRules Rules => rules;
    public MapDeclaration Map => map;
    public SafetyStanding Standing { get; private set; } = SafetyStanding.From(memory);

    /// <summary>Time of the last step for people.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Seconds that have passed for the vehicle since its program began; stands still while the program does.</summary>
    public double NowS => steps * SweeperProgram.StepS;

    /// <summary>Seconds from the report to the lease that answered it, of the last lease.</summary>
    public double LatencyS { get; private set; }

    public bool MayDrive => Standing.Mode == SafetyMode.Supervised;

    public double? LeaseAgeS => Standing.HeldFromS is { } fromS ? NowS - fromS : null;

    /// <summary>What of the vehicle itself asks for the minimal risk condition now.</summary>
    public MrcCause? Limit { get; set; }

    /// <inheritdoc cref="SafetyMoment"/>
    public bool GoesOn { get; set; }

    /// <summary>A step of <see cref="SweeperProgram.StepS"/> has passed.</summary>
    public void Step(DateTimeOffset now, bool isStanding, bool isIdle, bool isDeactivated)
    {
        steps++;
        Now = now;
        Look(isStanding, isIdle, isDeactivated);
    }

    /// <summary>Looks at the rules anew, without time passing.</summary>
    public void Look(bool isStanding, bool isIdle, bool isDeactivated) =>
        Standing = SafetyRules.Look(Standing, new(NowS, Now, isStanding, isIdle, isDeactivated, Limit, GoesOn), rules);

    /// <summary>The program did not run for a while, or its clock was set.</summary>
    /// <param name="missedSteps">Steps that passed meanwhile, and count as passed; negative: the clock went back, and nobody knows how many.</param>
    public void ClockJumped(long missedSteps)
    {
        steps += Math.Max(0, missedSteps);
        if (missedSteps < 0)
        {
            // Reports from before the jump may bear the same time as one from after it: no lease is measured by them.
            sent.Clear();
            Standing = SafetyRules.Jump(Standing);
        }
    }

    /// <summary>The vehicle sends a state with this header.</summary>
    public void NoteSent(uint headerId, DateTimeOffset timestamp)
    {
        if (sent.Count == Remembered)
        {
            sent.Dequeue();
        }

        sent.Enqueue((headerId, timestamp.ToUnixTimeMilliseconds(), NowS));
    }

    public void Take(Supervision lease)
    {
        var sentAtS = SentAtS(lease.Heard);
        var before = Standing;
        Standing = SafetyRules.Take(before, lease, sentAtS, map);
        if (Standing.LeaseId == before.LeaseId && Standing.Epoch == before.Epoch)
        {
            return;
        }

        if (Standing.Epoch != before.Epoch)
        {
            leases.Clear();
        }

        if (leases.Count == Remembered)
        {
            leases.RemoveAt(0);
        }

        newestLease = (lease.Timestamp, NowS);
        leases.Add((lease.LeaseId, sentAtS!.Value));
        LatencyS = NowS - sentAtS.Value;
    }

    /// <summary>
    /// How long a message of the Centre was on its way at least: its clock as the newest lease shows it, gone on by the vehicle's own time, less when it was sent.
    /// </summary>
    public TimeSpan HeldUp(DateTimeOffset sentAt) =>
        newestLease is { } lease && lease.SentAt - sentAt + TimeSpan.FromSeconds(NowS - lease.TakenAtS) is { Ticks: > 0 } late ? late : TimeSpan.Zero;

    /// <inheritdoc cref="CommandGate.Refusal"/>
    public string? Refusal(RobotAction action) => CommandGate.Refusal(action, Standing, NowS, HeldFromS);

    /// <summary>Why an order is not taken now; null if it may be.</summary>
    public string? Refusal(Order order) =>
        Standing.IsAtRisk ? "The vehicle is in the minimal risk condition or on its way there"
        : !MayDrive || !Standing.HasLease(NowS, rules) ? "The vehicle has no valid supervision lease"
        : order.SupervisionEpoch != Standing.Epoch ? FormattableString.Invariant($"The order is of epoch {order.SupervisionEpoch}, the vehicle is supervised in epoch {Standing.Epoch}")
        : null;

    /// <summary>Ends the minimal risk condition; says why where that cannot be.</summary>
    public string? End(MrcInvestigation investigation, bool isStanding, bool isIdle, string? impairment)
    {
        var moment = new SafetyMoment(NowS, Now, isStanding, isIdle, IsDeactivated: false);
        Standing = SafetyRules.End(Standing, investigation, moment, rules, impairment, out var refusal) ?? Standing;
        return refusal;
    }

    private double? SentAtS(HeardReport heard)
    {
        var ms = heard.Timestamp.ToUnixTimeMilliseconds();
        foreach (var report in sent)
        {
            if (report.HeaderId == heard.HeaderId && report.Ms == ms)
            {
                return report.AtS;
            }
        }

        return null;
    }

    private double? HeldFromS(uint leaseId)
    {
        var index = leases.FindLastIndex(lease => lease.LeaseId <= leaseId);
        return index < 0 ? null : leases[index].HeldFromS;
    }
}
