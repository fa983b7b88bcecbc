using System.Text.Json;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed class CommandReceiptTests
{
    [Fact]
    public void A_receipt_names_the_command_in_words() =>
        Assert.Equal(
            """{"kind":"Stop","sent":["kehrwerk/KW-01"],"failed":[]}""",
            JsonSerializer.Serialize(new(VehicleCommandKind.Stop, ["kehrwerk/KW-01"], []), LiveJson.Default.CommandReceipt));
}
