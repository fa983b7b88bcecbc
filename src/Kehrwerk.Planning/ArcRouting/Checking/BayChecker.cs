namespace Kehrwerk.Planning.ArcRouting.Checking;

/// <summary>Looks at all tours together: no site serves more vehicles at once than it has bays, or with more power than it has.</summary>
internal sealed class BayChecker(ArcProblem problem, ArcSolution solution, ArcNames names, Action<string> complain)
{
    public void Run()
    {
        var all = new List<Session>();
        for (var t = 0; t < solution.Tours.Length; t++)
        {
            foreach (var service in solution.Tours[t].Services)
            {
                if (SiteOf(solution.Tours[t], service) is { } site && service.Duration > 0)
                {
                    all.Add(new(t, site, service));
                }
            }
        }

        foreach (var atSite in all.GroupBy(session => session.Site))
        {
            foreach (var ofService in atSite.GroupBy(session => session.Service.Service))
            {
                CheckBays([.. ofService], atSite.Key, ofService.Key);
            }

            CheckPower([.. atSite.Where(session => problem.Services[session.Service.Service].IsCharge)], atSite.Key);
        }
    }

    private int? SiteOf(ArcTour tour, SiteService service) =>
        service.Service >= 0 && service.Service < problem.Services.Length
        && service.Stop >= 0 && service.Stop < tour.Stops.Length
        && tour.Stops[service.Stop] is { IsSite: true, Index: >= 0 } stop && stop.Index < problem.Sites.Length
            ? stop.Index
            : null;

    private void CheckBays(Session[] sessions, int site, int service)
    {
        var bays = problem.Sites[site].Bays[service];
        foreach (var (session, time) in Busiest(sessions, site))
        {
            var busy = sessions.Count(other => other.Covers(time)) + InUse(site, time).Count(bay => bay.Service == service);
            if (bays > 0 && busy > bays)
            {
                complain($"tour {session.Tour + 1}, {names.Site(site)}: {busy} vehicles have the service '{problem.Services[service].Name}' at {time}, but there are {bays} bays");
            }
        }
    }

    private void CheckPower(Session[] sessions, int site)
    {
        foreach (var (session, time) in Busiest(sessions, site))
        {
            var power = sessions.Where(other => other.Covers(time)).Sum(other => (long)PowerOf(other)) + InUse(site, time).Sum(bay => (long)bay.Power);
            if (power > problem.Sites[site].MaxPower)
            {
                complain($"tour {session.Tour + 1}, {names.Site(site)}: all that charge at {time} draw {power}, but there are {problem.Sites[site].MaxPower}");
            }
        }
    }

    // The most are there when a service, or a use of a bay that is not planned any more, begins.
    private IEnumerable<(Session Session, int Time)> Busiest(Session[] sessions, int site) => sessions.SelectMany(session =>
        problem.Sites[site].InUse.Select(bay => bay.From).Where(session.Covers).Prepend(session.Service.Start).Select(time => (session, time)));

    private IEnumerable<BayInUse> InUse(int site, int time) => problem.Sites[site].InUse.Where(bay => bay.From <= time && time < bay.Until);

    private int PowerOf(Session session) =>
        solution.Tours[session.Tour].Vehicle is var kind && kind >= 0 && kind < problem.Vehicles.Length ? problem.Vehicles[kind].Battery?.Power ?? 0 : 0;

    private readonly record struct Session(int Tour, int Site, SiteService Service)
    {
        public bool Covers(int time) => Service.Start <= time && time < (long)Service.Start + Service.Duration;
    }
}
