using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>How the light bands round the vehicle shine.</summary>
[JsonConverter(typeof(WireEnumConverter<LightBands>))]
public enum LightBands { Off, Steady, Pulsing, RunningLeft, RunningRight, Flashing }

/// <summary>What the vehicle lets hear.</summary>
[JsonConverter(typeof(WireEnumConverter<OutsideSound>))]
public enum OutsideSound
{
    None,

    /// <summary>A soft sign that it is about to move.</summary>
    Chime,

    /// <summary>Over and over while it drives backwards.</summary>
    Beep,

    Warning,
}

/// <summary>The display's text in the two languages that it alternates; empty: the display is dark.</summary>
public sealed record DisplayText(string De, string En);

/// <summary>What is seen and heard of the announcements: of several the most urgent is shown (safety profile, SP-OUT-5).</summary>
public sealed record Shown(LightBands LightBands, OutsideSound Sound, DisplayText Display)
{
    // The most urgent first.
    private static readonly (Announcement Said, Shown Shown)[] Signs =
    [
        (Announcement.MinimalRiskCondition, new(LightBands.Flashing, OutsideSound.None, new("Außer Betrieb – Hilfe ist verständigt", "Out of service – help has been called"))),
        (Announcement.MinimalRiskManoeuvre, new(LightBands.Flashing, OutsideSound.Warning, new("Achtung – ich halte an", "Caution – stopping"))),
        (Announcement.Reversing, new(LightBands.Flashing, OutsideSound.Beep, new("Ich fahre rückwärts", "Reversing"))),
        (Announcement.SettingOff, new(LightBands.Pulsing, OutsideSound.Chime, new("Ich fahre los", "Setting off"))),
        (Announcement.AskingForHelp, new(LightBands.Pulsing, OutsideSound.None, new("Ich komme nicht weiter – Leitstelle ist gefragt", "I am stuck – asking the control centre"))),
        (Announcement.WaitingForYou, new(LightBands.Pulsing, OutsideSound.None, new("Ich warte auf Sie", "Waiting for you"))),
        (Announcement.MakingRoom, new(LightBands.RunningRight, OutsideSound.None, new("Ich mache Platz", "Making room"))),
        (Announcement.SwervingLeft, new(LightBands.RunningLeft, OutsideSound.None, new("Ich weiche nach links aus", "Swerving to the left"))),
        (Announcement.SwervingRight, new(LightBands.RunningRight, OutsideSound.None, new("Ich weiche nach rechts aus", "Swerving to the right"))),
        (Announcement.TurningLeft, new(LightBands.RunningLeft, OutsideSound.None, new("Ich biege links ab", "Turning left"))),
        (Announcement.TurningRight, new(LightBands.RunningRight, OutsideSound.None, new("Ich biege rechts ab", "Turning right"))),
        (Announcement.Stopping, new(LightBands.Pulsing, OutsideSound.None, new("Ich halte an", "Stopping"))),
        (Announcement.HazardLights, new(LightBands.Pulsing, OutsideSound.None, new("", ""))),
        (Announcement.WorkLights, new(LightBands.Steady, OutsideSound.None, new("Ich reinige die Straße", "Cleaning the street"))),
    ];

    private static readonly Shown Nothing = new(LightBands.Off, OutsideSound.None, new("", ""));

    public static Shown Of(ImmutableArray<Announcement> said)
    {
        foreach (var (one, shown) in Signs)
        {
            if (said.Contains(one))
            {
                return shown;
            }
        }

        return Nothing;
    }
}
