using Kehrwerk.Link.Certificates;

namespace Kehrwerk.Link.Broker;

/// <summary>
/// Who may say and hear what: a vehicle says its own reports and hears its own topics, the Centre says and hears everything.
/// </summary>
/// <param name="takesVda21">A vehicle may use its topics of VDA 5050 2.1 as well.</param>
internal sealed class AccessRules(Topics topics, bool takesVda21 = false)
{
    private readonly Topics[] all = takesVda21 ? [topics, Topics.Vda21] : [topics];

    public bool MayPublish(LinkIdentity who, string topic) => who.Role switch
    {
        LinkRole.Centre => true,
        LinkRole.Vehicle => Array.Exists(all, topics => topics.TryParse(topic, out var vehicle, out var kind) && vehicle == who.Vehicle && Topics.IsFromVehicle(kind)),
        _ => false,
    };

    /// <summary>A vehicle may name each of its topics, or all of them by <c>+</c> or <c>#</c>; so the number of its subscriptions is bounded.</summary>
    public bool MaySubscribe(LinkIdentity who, string filter) => who.Role switch
    {
        LinkRole.Centre => true,
        LinkRole.Vehicle => Array.Exists(all, topics =>
            topics.TryParse(filter, out var vehicle, out _) ? vehicle == who.Vehicle : filter == topics.AllOf(who.Vehicle) || filter == topics.BelowOf(who.Vehicle)),
        _ => false,
    };
}
