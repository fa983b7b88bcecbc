using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

public class ShownTests
{
    [Fact]
    public void Every_announcement_that_people_must_understand_has_a_text_in_both_languages()
    {
        foreach (var said in Enum.GetValues<Announcement>().Where(said => said != Announcement.HazardLights))
        {
            var shown = Shown.Of([said]);
            Assert.NotEmpty(shown.Display.De);
            Assert.NotEmpty(shown.Display.En);
            Assert.NotEqual(LightBands.Off, shown.LightBands);
        }
    }

    [Fact]
    public void Of_several_announcements_the_most_urgent_is_shown()
    {
        Assert.Equal(Shown.Of([Announcement.MinimalRiskCondition]), Shown.Of([Announcement.WorkLights, Announcement.TurningLeft, Announcement.HazardLights, Announcement.MinimalRiskCondition]));
        Assert.Equal(OutsideSound.Beep, Shown.Of([Announcement.WorkLights, Announcement.Reversing, Announcement.HazardLights]).Sound);
        Assert.Equal(LightBands.RunningLeft, Shown.Of([Announcement.SwervingLeft, Announcement.WorkLights]).LightBands);
        Assert.Equal(LightBands.Off, Shown.Of([]).LightBands);
    }
}
