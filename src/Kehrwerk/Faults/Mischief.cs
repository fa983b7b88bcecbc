using Kehrwerk.Link.Simulation;

namespace Kehrwerk.Faults;

/// <summary>Makes the faults of a profile happen, each kind at its own times.</summary>
internal sealed class Mischief(FaultWorld world, Person person, FaultProfile profile, Random chance)
{
    public void Begin()
    {
        for (var i = -1; i < world.Vehicles.Count; i++)
        {
            var index = i;
            Every(profile.CutEveryS, () => Cut(index));
            Every(profile.SilenceEveryS, () => Silence(index));
            if (index >= 0)
            {
                Every(profile.ClockSetEveryS, () => SetClock(world.Vehicles[index]));
                Every(profile.CommandEveryS, () => person.Hold(world.Vehicles[index], UpTo(profile.CommandForS)));
            }
        }

        Every(profile.BrokerRestartEveryS, RestartBroker);
    }

    /// <summary>Whether a process ends at this message, and where.</summary>
    public CrashPoint Crash(double probability) =>
        !world.IsTrouble || probability <= 0 || chance.NextDouble() >= probability ? CrashPoint.None
        : chance.Next(2) == 0 ? CrashPoint.Before
        : CrashPoint.After;

    /// <summary>How long a process stays down.</summary>
    public TimeSpan DownTime() => TimeSpan.FromSeconds(0.5 + (profile.DownForS * chance.NextDouble()));

    public TimeSpan ClockOffset() => TimeSpan.FromSeconds(profile.ClockOffS * ((2 * chance.NextDouble()) - 1));

    /// <summary>Does something again and again while there is trouble, at random times.</summary>
    public void Every(double meanS, Action action)
    {
        if (meanS <= 0)
        {
            return;
        }

        world.Loop.Schedule(TimeSpan.FromSeconds(-meanS * Math.Log(1 - chance.NextDouble())), () =>
        {
            if (world.IsTrouble)
            {
                action();
                Every(meanS, action);
            }
        });
    }

    public TimeSpan UpTo(double seconds) => TimeSpan.FromSeconds(seconds * chance.NextDouble());

    private InMemoryClient? Line(int index) => index < 0 ? world.CentreLine : world.Vehicles[index].Wire?.Inner;

    private void Cut(int index)
    {
        var duration = UpTo(profile.CutForS);
        Tell($"line of {Name(index)} is cut for {duration.TotalSeconds:F1} s");
        Line(index)?.Cut(duration);
    }

    private void Silence(int index)
    {
        var directions = (LinkDirection)(1 + chance.Next(3));
        var duration = UpTo(profile.SilenceForS);
        Tell($"line of {Name(index)} is silent ({directions}) for {duration.TotalSeconds:F1} s");
        if (Line(index) is { } line)
        {
            line.Silence(directions);
            world.Loop.Schedule(duration, line.Heal);
        }
    }

    private void SetClock(FaultVehicle vehicle)
    {
        vehicle.SetClock(ClockOffset());
        Tell($"clock of {vehicle.Id} is off by {vehicle.ClockOffset.TotalSeconds:F1} s now");
    }

    private void RestartBroker()
    {
        var forgets = chance.Next(2) == 0;
        var downFor = UpTo(profile.DownForS);
        Tell($"broker restarts, down for {downFor.TotalSeconds:F1} s, forgets: {forgets}");
        world.Broker.Restart(downFor, forgets);
    }

    private string Name(int index) => index < 0 ? "centre" : world.Vehicles[index].Id.ToString();

    private void Tell(FormattableString what) => world.Journal.Event(world.Loop.Now, FormattableString.Invariant(what));
}
