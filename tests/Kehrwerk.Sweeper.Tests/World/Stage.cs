using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>
/// A straight street of 400 m to the east with a vehicle at 50 m in its right lane, and nobody else.
/// <code>
///   0 ────── vehicle → ──────────── 400 m, 6 m wide, the line at y = 0
/// </code>
/// </summary>
internal sealed class Stage
{
    public static readonly WorldSettings Empty = new() { ParkedFactor = 0, CarFactor = 0, CyclistFactor = 0, PedestrianFactor = 0 };

    public Stage(WorldSettings? settings = null, SegmentTraits traits = SegmentTraits.None, bool isOneWay = false)
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        builder.AddNode(1, new(0, 0));
        builder.AddNode(2, new(400, 0));
        builder.AddSegment(new(0, 1, [new(0, 0), new(400, 0)], 1, 0, isOneWay ? Directions.Forward : Directions.Both, WidthM: 6, Traits: traits));
        World = new(builder.Build(), settings ?? Empty);
        Vehicle = new(World, SweeperModel.Default, 50, -1.5, 0);
    }

    public VirtualWorld World { get; }
    public VirtualPlatform Vehicle { get; }
    public SensorFrame Frame { get; } = new();

    public int Add(AgentKind kind, double x, double y, double headingRad = 0) => World.Add(new ScriptedAgent(kind, x, y, headingRad));

    /// <summary>Lets time go by; the vehicle keeps a speed by a simple rule.</summary>
    public void Run(double seconds, double speedMps = 0, Action? each = null, Func<Actuation, Actuation>? with = null)
    {
        for (var tick = 0; tick < seconds / IPlatform.TickS - 0.5; tick++)
        {
            var actuation = new Actuation(Math.Clamp((speedMps - Vehicle.Body.SpeedMps) * 2, -3, 1), 0, false);
            Vehicle.Tick(with is null ? actuation : with(actuation), Frame);
            each?.Invoke();
        }
    }

    /// <summary>How often in so many seconds an object is in the list near a place in the city's frame, as a share.</summary>
    public double SeenShare(double x, double y, double seconds = 3, double withinM = 2)
    {
        var (seen, all) = (0, 0);
        Run(seconds, Vehicle.Body.SpeedMps, () =>
        {
            all++;
            foreach (ref readonly var found in Frame.Objects)
            {
                var at = (Vehicle.Body.X + found.X, Vehicle.Body.Y + found.Y);
                if (Math.Abs(at.Item1 - x) < withinM && Math.Abs(at.Item2 - y) < withinM)
                {
                    seen++;
                    break;
                }
            }
        });
        return (double)seen / all;
    }
}
