using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance;

/// <summary>Somebody at the vehicle: does what the link cannot. False: nobody is there, or it cannot be done.</summary>
public interface IAttendant
{
    /// <summary>Switches the vehicle's operating mode.</summary>
    Task<bool> Switch(OperatingMode mode);

    /// <summary>Cuts the vehicle's connection to the broker without a farewell; true when that is done.</summary>
    Task<bool> Cut();

    /// <summary>Lets the vehicle connect again.</summary>
    Task<bool> Mend();
}

/// <summary>Nobody.</summary>
public sealed class NoAttendant : IAttendant
{
    public Task<bool> Switch(OperatingMode mode) => Task.FromResult(false);

    public Task<bool> Cut() => Task.FromResult(false);

    public Task<bool> Mend() => Task.FromResult(false);
}
