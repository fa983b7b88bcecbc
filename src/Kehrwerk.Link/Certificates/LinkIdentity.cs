using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Kehrwerk.Link.Certificates;

/// <summary>What a certificate allows its owner to be.</summary>
public enum LinkRole
{
    /// <summary>Speaks for itself only.</summary>
    Vehicle,

    /// <summary>Commands all vehicles and hears all.</summary>
    Centre,

    /// <summary>Serves; is no client.</summary>
    Broker,
}

/// <summary>
/// Who takes part in the link: <c>manufacturer/serial</c> for a vehicle, <c>centre</c>, or <c>broker</c>. This name is the one
/// common name (CN) of its certificate, its MQTT client id and, at Mosquitto, its user name; so it has at most
/// <see cref="MaxNameLength"/> characters.
/// </summary>
public readonly record struct LinkIdentity
{
    /// <summary>Longest common name of a certificate (X.520, ub-common-name).</summary>
    public const int MaxNameLength = 64;

    private const string CommonNameOid = "2.5.4.3";

    private LinkIdentity(LinkRole role, VehicleId vehicle) => (Role, Vehicle) = (role, vehicle);

    public static LinkIdentity Centre { get; } = new(LinkRole.Centre, default);

    public static LinkIdentity Broker { get; } = new(LinkRole.Broker, default);

    public LinkRole Role { get; }

    /// <summary>Only of <see cref="LinkRole.Vehicle"/>.</summary>
    public VehicleId Vehicle { get; }

    public string Name => Role switch
    {
        LinkRole.Centre => "centre",
        LinkRole.Broker => "broker",
        _ => Vehicle.ToString(),
    };

    /// <exception cref="ArgumentException">Manufacturer and serial together are too long for a certificate.</exception>
    public static LinkIdentity Of(VehicleId vehicle) => vehicle.ToString().Length <= MaxNameLength
        ? new(LinkRole.Vehicle, vehicle)
        : throw new ArgumentException($"'{vehicle}' has more than the {MaxNameLength} characters that a certificate can name.", nameof(vehicle));

    public static bool TryParse([NotNullWhen(true)] string? name, out LinkIdentity identity)
    {
        if (name == Centre.Name || name == Broker.Name)
        {
            identity = name == Centre.Name ? Centre : Broker;
            return true;
        }

        var isVehicle = VehicleId.TryParse(name, out var vehicle) && name.Length <= MaxNameLength;
        identity = isVehicle ? new(LinkRole.Vehicle, vehicle) : default;
        return isVehicle;
    }

    /// <summary>Reads the certificate's common name; false where it has none, several, or one that names nobody of the link.</summary>
    public static bool TryRead(X509Certificate2 certificate, out LinkIdentity identity)
    {
        var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => part.HasMultipleElements || part.GetSingleElementType().Value == CommonNameOid)
            .Take(2).ToList();
        identity = default;
        return names is [{ HasMultipleElements: false } only] && TryParse(only.GetSingleElementValue(), out identity);
    }

    public override string ToString() => Name;
}
