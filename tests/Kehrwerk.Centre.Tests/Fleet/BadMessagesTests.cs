using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Record;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

public sealed class BadMessagesTests
{
    private static readonly DateTimeOffset Now = TestShift.Begin;
    private readonly BadMessages bad = new();

    [Fact]
    public void The_same_fault_is_told_once_a_minute_with_how_much_was_left_out()
    {
        Assert.Equal("broken", bad.Tell("T-1", "broken", Now));
        Assert.Null(bad.Tell("T-1", "broken", Now.AddSeconds(1)));
        Assert.Null(bad.Tell("T-1", "broken", Now.AddSeconds(59)));
        Assert.Equal("broken (and 2 more bad messages that were not told)", bad.Tell("T-1", "broken", Now.AddSeconds(60)));
    }

    [Fact]
    public void A_sender_of_ever_different_nonsense_does_not_fill_the_record_and_hides_no_other()
    {
        var told = Enumerable.Range(0, 10_000).Count(i => bad.Tell("", $"nonsense {i}", Now.AddMilliseconds(i)) is not null);

        Assert.Equal(BadMessages.MaxCauses, told);
        Assert.NotNull(bad.Tell("T-1", "broken", Now.AddSeconds(10)));
    }

    [Fact]
    public void What_comes_from_outside_is_told_on_one_line_of_bounded_length()
    {
        var told = bad.Tell("", $"topic a\nerror: all is well {new string('x', 10_000)}", Now)!;

        Assert.DoesNotContain('\n', told);
        Assert.Equal(ForeignText.MaxLength, told.Length);
    }
}
