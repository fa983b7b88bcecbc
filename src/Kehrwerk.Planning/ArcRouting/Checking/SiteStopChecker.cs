namespace Kehrwerk.Planning.ArcRouting.Checking;

/// <summary>Follows what one vehicle does at one stop at a site.</summary>
internal sealed class SiteStopChecker(ArcProblem problem, ArcVehicle vehicle, ArcSite site, LoadTally loads, Action<string> complain)
{
    /// <param name="services">In the order in which the tour lists them.</param>
    /// <param name="ready">When the first of them can begin.</param>
    /// <returns>When the last of them ends.</returns>
    public long Run(ReadOnlySpan<SiteService> services, long ready)
    {
        var done = new HashSet<int>();
        var standing = 0L;
        var hasStood = false;
        foreach (var service in services)
        {
            var name = problem.Services[service.Service].Name;
            if (service.Start < ready)
            {
                complain($"the service '{name}' begins at {service.Start}, but cannot before {ready}");
            }

            if (!done.Add(service.Service))
            {
                complain($"the service '{name}' is done twice");
            }

            if (site.Bays[service.Service] <= 0)
            {
                complain($"the service '{name}' is not offered there");
            }

            ready = (long)service.Start + service.Duration;
            if (problem.Services[service.Service].IsCharge)
            {
                loads.Stand(hasStood ? 0 : standing);
                hasStood = true;
                Charge(service, name);
                continue;
            }

            if (hasStood)
            {
                complain($"the service '{name}' comes after charging, which is to be the last");
            }

            standing += service.Duration;
            ResetAll(service, name);
        }

        if (!hasStood)
        {
            loads.Stand(standing);
        }

        return ready;
    }

    private void ResetAll(SiteService service, string name)
    {
        var time = vehicle.ServiceTime.IsEmpty ? 0 : vehicle.ServiceTime[service.Service];
        if (service.Duration != time)
        {
            complain($"the service '{name}' lasts {service.Duration}, but takes {time}");
        }

        foreach (var r in problem.Services[service.Service].Resets)
        {
            loads.Reset(r, 0);
        }
    }

    private void Charge(SiteService service, string name)
    {
        if (vehicle.Battery is not { } battery)
        {
            complain($"the vehicle has no battery for '{name}'");
            return;
        }

        var before = loads[battery.Resource];
        if (service.UsedAfter < 0 || service.UsedAfter > before)
        {
            complain($"charging leads from {before} used to {service.UsedAfter} used");
            return;
        }

        var time = (vehicle.ServiceTime.IsEmpty ? 0 : vehicle.ServiceTime[service.Service]) + ChargeTime(battery, before, service.UsedAfter);
        if (service.Duration != time)
        {
            complain($"charging from {before} used to {service.UsedAfter} used lasts {service.Duration}, but takes {time}");
        }

        loads.Reset(battery.Resource, service.UsedAfter);
    }

    private static long ChargeTime(ArcBattery battery, long before, long after) =>
        (long)((Reading(battery, battery.Full - after) - Reading(battery, battery.Full - before) + battery.Full - 1) / battery.Full);

    // Time from empty, times the content of a full battery: a whole number, so that nothing is rounded before the difference is.
    private static Int128 Reading(ArcBattery battery, long level)
    {
        level = Math.Clamp(level, 0, battery.Full);
        var percent = (int)Math.Min(99, 100 * level / battery.Full);
        var within = (100 * level) - (percent * (long)battery.Full);
        return ((Int128)battery.TimeToPercent[percent] * battery.Full) + (within * (battery.TimeToPercent[percent + 1] - battery.TimeToPercent[percent]));
    }
}
