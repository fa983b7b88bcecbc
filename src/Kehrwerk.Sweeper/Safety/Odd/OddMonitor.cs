using System.Globalization;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Odd;

internal enum OddLevel : byte { Inside, Leaving, Outside }

/// <summary>A condition; the quantities come first, in the order of <see cref="OddModel.Ranges"/>.</summary>
internal enum OddCondition : byte
{
    SpeedLimit, CarriagewayWidth, DistanceFromStreet, Temperature, Rain, Illuminance, ViewRange, ObjectsInView, OwnSpeed,
    Frost, StreetClass, Surface, Bridge, Tunnel, Roundabout,
}

/// <summary>How the vehicle stands to its operating conditions, and by which one.</summary>
internal readonly record struct OddStanding(OddLevel Level, OddCondition Condition, double Value)
{
    /// <summary>For people and for the recorder.</summary>
    public string Text() => Level == OddLevel.Inside ? "Within the operating conditions"
        : string.Create(CultureInfo.InvariantCulture, $"{(Level == OddLevel.Outside ? "Outside of" : "About to leave")} the operating conditions: {Named()}");

    private string Named() => Condition switch
    {
        OddCondition.StreetClass => $"street class {(StreetClass)(int)Value}",
        OddCondition.Surface => $"surface {(Surface)(int)Value}",
        OddCondition.Bridge or OddCondition.Tunnel or OddCondition.Roundabout or OddCondition.Frost => Condition.ToString().ToLowerInvariant(),
        _ when double.IsNaN(Value) => $"{Condition} is not known",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Condition} {Value:0.#}"),
    };
}

/// <summary>Watches which operating conditions hold, from the sensors and the map. Not thread-safe.</summary>
internal sealed class OddMonitor(OddModel model)
{
    private const int Conditions = (int)OddCondition.Roundabout + 1;

    private readonly OddLevel[] levels = new OddLevel[Conditions];
    private readonly double[] changedForS = new double[Conditions];

    // What is heard in one look: level and value by condition.
    private readonly (OddLevel Level, double Value)[] heard = new (OddLevel, double)[Conditions];

    public OddStanding Standing { get; private set; }

    /// <param name="here">The street under the vehicle.</param>
    /// <param name="ahead">The street on which it will be in some seconds; what is not allowed there is about to be left here.</param>
    public OddStanding Look(SensorFrame frame, in StreetNow here, in StreetNow? ahead, double stepS)
    {
        Of(frame, here);
        for (var i = 0; i < Conditions; i++)
        {
            var level = heard[i].Level;
            if (level == OddLevel.Inside && ahead is { } next && Scenery((OddCondition)i, next).Level != OddLevel.Inside)
            {
                (level, heard[i].Value) = (OddLevel.Leaving, Scenery((OddCondition)i, next).Value);
            }

            changedForS[i] = level == levels[i] ? 0 : changedForS[i] + stepS;
            if (changedForS[i] > model.HoldS)
            {
                (levels[i], changedForS[i]) = (level, 0);
            }
        }

        var worst = 0;
        for (var i = 1; i < Conditions; i++)
        {
            worst = levels[i] > levels[worst] ? i : worst;
        }

        return Standing = new(levels[worst], (OddCondition)worst, heard[worst].Value);
    }

    private void Of(SensorFrame frame, in StreetNow here)
    {
        for (var condition = OddCondition.SpeedLimit; condition <= OddCondition.Roundabout; condition++)
        {
            heard[(int)condition] = condition switch
            {
                OddCondition.Temperature => Quantity(condition, frame.TemperatureC),
                OddCondition.Rain => Quantity(condition, frame.WiperShare),
                OddCondition.Illuminance => Quantity(condition, frame.IlluminanceLux),
                OddCondition.ViewRange => Quantity(condition, frame.ViewRangeM),
                OddCondition.ObjectsInView => Quantity(condition, frame.ObjectCount),
                OddCondition.OwnSpeed => Quantity(condition, Math.Abs(frame.WheelMps) * 3.6),
                OddCondition.Frost => Trait(frame.TemperatureC < model.FrostBelowC && (frame.WiperShare > 0.05 || frame.WetShare > 0.3), frame.TemperatureC),
                _ => Scenery(condition, here),
            };
        }
    }

    /// <summary>Whether the operating conditions exclude a street whatever the weather and the traffic.</summary>
    public bool Excludes(in StreetNow street)
    {
        for (var condition = OddCondition.SpeedLimit; condition <= OddCondition.Roundabout; condition++)
        {
            if (Scenery(condition, street).Level == OddLevel.Outside)
            {
                return true;
            }
        }

        return false;
    }

    private (OddLevel Level, double Value) Scenery(OddCondition condition, in StreetNow street) => condition switch
    {
        OddCondition.SpeedLimit => Quantity(condition, street.LimitMps * 3.6),
        OddCondition.CarriagewayWidth when street.WidthM > 0 => Quantity(condition, street.WidthM),
        OddCondition.DistanceFromStreet => Quantity(condition, street.DistanceM),
        OddCondition.StreetClass => Trait((model.StreetClasses & (1u << (int)street.Class)) == 0, (int)street.Class),
        OddCondition.Surface => Trait((model.Surfaces & (1u << (int)street.Surface)) == 0, (int)street.Surface),
        OddCondition.Bridge => Trait(!model.Bridges && (street.Traits & SegmentTraits.Bridge) != 0, 1),
        OddCondition.Tunnel => Trait(!model.Tunnels && (street.Traits & SegmentTraits.Tunnel) != 0, 1),
        OddCondition.Roundabout => Trait(!model.Roundabouts && (street.Traits & SegmentTraits.Roundabout) != 0, 1),
        _ => (OddLevel.Inside, 0),
    };

    private (OddLevel Level, double Value) Quantity(OddCondition condition, double value) => (model.Ranges[(int)condition].Level(value), value);

    private static (OddLevel Level, double Value) Trait(bool isExcluded, double value) => (isExcluded ? OddLevel.Outside : OddLevel.Inside, value);
}
