using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Motion;

namespace Kehrwerk.Sweeper.Recording;

/// <summary>Turns what was sampled into the event that is stored, in the formats of AFGBV Anlage 2.</summary>
internal sealed class EventWriter(VehicleId vehicle, string vin, CityFrame frame)
{
    /// <summary>The texts of received messages take no more than so many characters of an event.</summary>
    private const int MaxTextLength = 24_000;
    private const int MaxChanges = 500;
    private const int MaxMessageLength = 4_096;

    // Some 11 mm; the law asks for five digits.
    private const int DegreeDigits = 7;

    private static readonly string Version =
        typeof(EventWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>A virtual vehicle has no such sensors, and its map no heights.</summary>
    private static readonly ImmutableArray<string> NotMeasured = ["D2 height", "D6 environment", "D12 supply voltage"];

    /// <summary>The map of one that drives by sensors has no heights either.</summary>
    private static readonly ImmutableArray<string> NoHeight = ["D2 height"];

    public string IdAt(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{vehicle.Serial.Replace(':', '_')}-{at.UtcDateTime:yyyyMMdd'T'HHmmssfff}Z");

    public string Write(
        string eventId,
        IReadOnlyList<EventSample> samples,
        IReadOnlyList<EventOccasion> occasions,
        IReadOnlyList<(DateTimeOffset At, LinkMessage Message)> received,
        UseCounts counts,
        bool isComplete)
    {
        var zero = occasions[0].At;
        double SecondsOf(DateTimeOffset at) => Math.Round((at - zero).TotalSeconds, 3);
        ImmutableArray<double> Column(Func<EventSample, double> of) => [.. samples.Select(of)];
        var hasSensors = samples.All(sample => sample.Sensors is not null);
        var notMeasured = (hasSensors ? NoHeight : NotMeasured).ToBuilder();
        ImmutableArray<double> Sensor(Func<SensorSample, double> of, string name)
        {
            if (!hasSensors)
            {
                return [];
            }

            if (samples.All(sample => double.IsFinite(of(sample.Sensors!.Value))))
            {
                return Column(sample => of(sample.Sensors!.Value));
            }

            // It said nothing yet for a part of the time: a column with invented values would be worse than none.
            notMeasured.Add(name);
            return [];
        }

        var places = samples.Select(sample => frame.ToGeo(sample.Place)).ToList();
        var message = new VehicleEvent
        {
            HeaderId = 0,
            Timestamp = samples[^1].At,
            Vehicle = vehicle,
            EventId = eventId,
            Vin = vin,
            SoftwareVersion = Version,
            Complete = isComplete,
            Occasions = [.. occasions],
            ReferenceSystem = frame.GeographicName,
            Drives = counts.Drives,
            Activations = counts.Activations,
            Deactivations = counts.Deactivations,
            Releases = counts.Releases,
            Series = new()
            {
                TimeS = Column(sample => SecondsOf(sample.At)),
                Latitude = [.. places.Select(place => Math.Round(place.Lat, DegreeDigits))],
                Longitude = [.. places.Select(place => Math.Round(place.Lon, DegreeDigits))],
                SpeedMps = Column(sample => Math.Round(sample.SpeedMps, 3)),
                AccelerationMps2 = Column(sample => Math.Round(sample.AccelerationMps2, 3)),
                LateralMps2 = Column(sample => Math.Round(sample.LateralMps2, 3)),
                LatencyS = Column(sample => Math.Round(sample.LatencyS, 3)),
                ReceivedBytesPerS = Column(sample => sample.ReceivedBytes),
                TemperatureC = Sensor(said => said.TemperatureC, "D6 temperature"),
                IlluminanceLux = Sensor(said => said.IlluminanceLux, "D6 illuminance"),
                Wiper = Sensor(said => said.Wiper, "D6 wiper"),
                VoltageV = Sensor(said => said.VoltageV, "D12 supply voltage"),
            },
            Changes = [.. Changes(samples, SecondsOf).Take(MaxChanges)],
            Received = Received(received, SecondsOf),
            NotMeasured = notMeasured.ToImmutable(),
        };
        return Encoding.UTF8.GetString(LinkJson.Serialize(message));
    }

    /// <summary>The first sample's state, then what each sample changes of it.</summary>
    private static IEnumerable<EventChange> Changes(IReadOnlyList<EventSample> samples, Func<DateTimeOffset, double> secondsOf)
    {
        for (var i = 0; i < samples.Count; i++)
        {
            var (now, isFirst) = (samples[i], i == 0);
            var before = isFirst ? default : samples[i - 1];
            var timeS = secondsOf(now.At);
            if (isFirst || now.Mode != before.Mode)
            {
                yield return new(timeS, EventChangeKind.SafetySystem, "supervision", now.Mode.ToString(), now.Cause?.ToString());
            }

            foreach (var code in Enum.GetValues<Monitored>().Where(code => code != Monitored.None && Differs(now.Monitored, before.Monitored, code)))
            {
                yield return new(timeS, EventChangeKind.Monitoring, code.ToString(), now.Monitored.HasFlag(code) ? "on" : "off");
            }

            if (now.Action != before.Action || (now.Action == MotionAction.Mrm && now.ActionCause != before.ActionCause) || (isFirst && now.Sensors is not null))
            {
                yield return new(timeS, EventChangeKind.SafetySystem, "motionGuard", now.Action.ToString(), now.ActionCause == MotionCause.None ? null : now.ActionCause.Code());
            }

            for (var bits = now.Causes ^ before.Causes; bits != 0; bits &= bits - 1)
            {
                var cause = (MotionCause)System.Numerics.BitOperations.TrailingZeroCount(bits);
                yield return new(timeS, EventChangeKind.Monitoring, cause.Code(), (now.Causes & (1UL << (int)cause)) != 0 ? "on" : "off");
            }

            foreach (var light in Enum.GetValues<Announcement>().Where(light => ((now.Lights ^ before.Lights) & (1 << (int)light)) != 0))
            {
                yield return new(timeS, EventChangeKind.Lights, light.ToString(), (now.Lights & (1 << (int)light)) != 0 ? "on" : "off");
            }
        }
    }

    private static bool Differs(Monitored one, Monitored other, Monitored code) => ((one ^ other) & code) != 0;

    private static ImmutableArray<ReceivedMessage> Received(IReadOnlyList<(DateTimeOffset At, LinkMessage Message)> received, Func<DateTimeOffset, double> secondsOf)
    {
        var written = ImmutableArray.CreateBuilder<ReceivedMessage>(received.Count);
        var restLength = MaxTextLength;
        foreach (var (at, message) in received)
        {
            var text = message.Payload.Length <= Math.Min(MaxMessageLength, restLength) ? Encoding.UTF8.GetString(message.Payload.Span) : null;
            restLength -= text?.Length ?? 0;
            written.Add(new(
                secondsOf(at),
                message.Topic[(message.Topic.LastIndexOf('/') + 1)..],
                "broker",
                (uint)message.Payload.Length,
                "application/json",
                Convert.ToHexStringLower(SHA256.HashData(message.Payload.Span)),
                text));
        }

        return written.ToImmutable();
    }
}
