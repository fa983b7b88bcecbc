namespace Kehrwerk.Planning.Solver;

internal enum Service : byte { Tip, Fill, Wash, Charge }

/// <summary>One service at the depot after a tour's leg with that number. A charge runs to <paramref name="ToWh"/>.</summary>
internal readonly record struct ServiceTime(int Tour, int Leg, Service Service, int StartMs, int DurationMs, double ToWh);

/// <summary>
/// Plays a day's tours against the depot's bays: who comes first is served first, the others wait. Waiting costs no energy.
/// The final charges to full come after all others have what they need. Reuses its buffers.
/// </summary>
internal sealed class DepotSchedule
{
    /// <summary>Final charges end with the day, before the next shift.</summary>
    private const int DayMs = 86_400_000;

    private const int Never = int.MaxValue;

    private readonly DayModel day;
    private readonly Bays tips;
    private readonly Bays washes;
    private readonly Bays waterPoints;
    private readonly Chargers chargers;
    private readonly int chargersAtOnce;
    private readonly Progress[] progress;
    private readonly Leg[][] legs;
    private readonly List<(int ReadyMs, int Tour, int ChargeMs)> finalCharges = [];
    private TripLoad[] loads = new TripLoad[16];

    public DepotSchedule(DayModel day)
    {
        var depot = day.Problem.Depot;
        this.day = day;
        tips = new(depot.Tips);
        washes = new(depot.Washes);
        waterPoints = new(depot.WaterPoints);
        chargers = new(depot.Chargers, depot.GridLimitKw);
        chargersAtOnce = Math.Min(depot.Chargers, (int)(depot.GridLimitKw / Math.Max(0.001, day.Vehicles.Max(v => v.ChargePowerKw))));
        progress = new Progress[day.Vehicles.Length];
        legs = [.. day.Vehicles.Select(_ => new Leg[16])];
        EndMs = new int[day.Vehicles.Length];
        WaitMs = new int[day.Vehicles.Length];
        LateMs = new int[day.Vehicles.Length];
    }

    /// <summary>When each tour has washed; 0 for an empty one.</summary>
    public int[] EndMs { get; }

    /// <summary>How long each tour waits for bays within its shift.</summary>
    public int[] WaitMs { get; }

    /// <summary>By how much each tour exceeds its shift, or its final charge the day.</summary>
    public int[] LateMs { get; }

    public bool IsLate => LateMs.AsSpan().ContainsAnyExcept(0);

    /// <summary>Plays the day.</summary>
    /// <param name="services">Receives every service in order of time within each tour; null when only times are asked for.</param>
    public void Run(Solution solution, List<ServiceTime>? services = null)
    {
        Start(solution);
        while (NextToServe() is var tour and >= 0)
        {
            ServeNext(tour, services);
        }

        for (var tour = 0; tour < progress.Length; tour++)
        {
            EndMs[tour] = progress[tour].LegCount == 0 ? 0 : progress[tour].NowMs;
            WaitMs[tour] = progress[tour].WaitMs;
            LateMs[tour] = Math.Max(0, EndMs[tour] - day.Vehicles[tour].ShiftMs);
        }

        ChargeToFull(services);
    }

    private void Start(Solution solution)
    {
        tips.Clear();
        washes.Clear();
        waterPoints.Clear();
        chargers.Clear();
        for (var tour = 0; tour < progress.Length; tour++)
        {
            var count = solution.LoadsOf(tour, ref loads);
            if (legs[tour].Length < count)
            {
                legs[tour] = new Leg[2 * count];
            }

            TourClock.Run(day.Vehicles[tour], loads.AsSpan(0, count), legs[tour], out var batteryWh);
            progress[tour] = new() { LegCount = count, BatteryWh = batteryWh };
            if (count > 0)
            {
                progress[tour].Drive(legs[tour][0]);
            }
        }
    }

    private int NextToServe()
    {
        var first = -1;
        var firstMs = Never;
        for (var tour = 0; tour < progress.Length; tour++)
        {
            ref readonly var p = ref progress[tour];
            if (p.Leg < p.LegCount && p.NowMs < firstMs)
            {
                first = tour;
                firstMs = p.NowMs;
            }
        }

        return first;
    }

    private void ServeNext(int tour, List<ServiceTime>? services)
    {
        ref var p = ref progress[tour];
        var vehicle = day.Vehicles[tour];
        ref readonly var leg = ref legs[tour][p.Leg];
        var waterMs = Math.Max(p.NowMs, waterPoints.NextFreeMs());
        var tipMs = Math.Max(p.NowMs, tips.NextFreeMs());
        if (p.Fill && (!p.Tip || waterMs < tipMs))
        {
            Book(ref p, tour, Service.Fill, waterPoints.Take(p.NowMs, vehicle.FillMs), vehicle.FillMs, 0, services);
            p.Fill = false;
        }
        else if (p.Tip)
        {
            Book(ref p, tour, Service.Tip, tips.Take(p.NowMs, vehicle.TipMs), vehicle.TipMs, 0, services);
            p.Tip = false;
        }
        else if (p.Wash)
        {
            Book(ref p, tour, Service.Wash, washes.Take(p.NowMs, vehicle.WashMs), vehicle.WashMs, 0, services);
            p.Wash = false;
        }
        else
        {
            if (leg.ChargeMs > 0)
            {
                var startMs = chargers.Take(p.NowMs, leg.ChargeMs, vehicle.ChargePowerKw);
                Book(ref p, tour, Service.Charge, startMs, leg.ChargeMs, leg.ChargeToWh, services);
            }

            p.Leg++;
            if (p.Leg < p.LegCount)
            {
                p.Drive(legs[tour][p.Leg]);
            }
        }
    }

    private static void Book(ref Progress p, int tour, Service service, int startMs, int durationMs, double toWh, List<ServiceTime>? services)
    {
        services?.Add(new(tour, p.Leg, service, startMs, durationMs, toWh));
        p.WaitMs += startMs - p.NowMs;
        p.NowMs = startMs + durationMs;
    }

    private void ChargeToFull(List<ServiceTime>? services)
    {
        finalCharges.Clear();
        var latestMs = 0;
        var longestMs = 0;
        var allMs = 0L;
        for (var tour = 0; tour < progress.Length; tour++)
        {
            var vehicle = day.Vehicles[tour];
            if (progress[tour].LegCount > 0 && vehicle.ChargeMs(progress[tour].BatteryWh, vehicle.BatteryWh) is var chargeMs and > 0)
            {
                finalCharges.Add((progress[tour].NowMs, tour, chargeMs));
                latestMs = Math.Max(latestMs, progress[tour].NowMs);
                longestMs = Math.Max(longestMs, chargeMs);
                allMs += chargeMs;
            }
        }

        // As long as no charger stands idle while one waits, all are done by then (Graham 1966): mostly that settles it.
        if (services is null && latestMs + (allMs / chargersAtOnce) + longestMs <= DayMs)
        {
            return;
        }

        finalCharges.Sort();
        foreach (var (readyMs, tour, chargeMs) in finalCharges)
        {
            var vehicle = day.Vehicles[tour];
            var startMs = chargers.Take(readyMs, chargeMs, vehicle.ChargePowerKw);
            LateMs[tour] = Math.Max(LateMs[tour], startMs + chargeMs - DayMs);
            services?.Add(new(tour, progress[tour].LegCount - 1, Service.Charge, startMs, chargeMs, vehicle.BatteryWh));
        }
    }

    private struct Progress
    {
        public int LegCount;
        public int Leg;
        public int NowMs;
        public int WaitMs;
        public bool Tip;
        public bool Fill;
        public bool Wash;
        public double BatteryWh;

        public void Drive(in Leg leg)
        {
            NowMs += leg.DriveMs;
            Tip = leg.Tip;
            Fill = leg.Fill;
            Wash = leg.Wash;
        }
    }
}
