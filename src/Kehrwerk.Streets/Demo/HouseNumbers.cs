namespace Kehrwerk.Streets.Demo;

/// <param name="OnBuilding">Whether the building carries the address, or a node at its door.</param>
internal sealed record HouseAddress(int House, string Street, string Number, bool OnBuilding, PlanPoint Door);

/// <summary>
/// Gives houses their numbers: odd on the left and even on the right of a street as it leads out of the town, with
/// gaps, suffixes (12a) and ranges (12-16).
/// </summary>
internal static class HouseNumbers
{
    public static List<HouseAddress> Assign(IReadOnlyList<House> houses, int wanted, Dice dice)
    {
        List<HouseAddress> addresses = [];
        var numbered = Numbered(houses, wanted, dice);
        // Every part of a street that bears the same name (the carriageways of the ring) counts on from the last.
        Dictionary<(string, bool), int> next = [];
        foreach (var side in numbered.GroupBy(i => (houses[i].Street, houses[i].Left)))
        {
            var (street, left) = side.Key;
            var line = street.Line;
            var inward = line[^1].LengthM < line[0].LengthM;
            var odd = left != inward;
            var key = (street.Name!, odd);
            var number = next.GetValueOrDefault(key, odd ? 1 : 2);
            var letter = '\0';
            foreach (var i in side.OrderBy(i => inward ? -houses[i].AlongM : houses[i].AlongM))
            {
                if (letter != '\0' || number > 2 && dice.Chance(0.05) && addresses.Count > 0 && addresses[^1].Street == street.Name && char.IsAsciiDigit(addresses[^1].Number[^1])
                    && !addresses[^1].Number.Contains('-', StringComparison.Ordinal) && addresses[^1].Number == $"{number - 2}")
                {
                    letter = letter == '\0' ? 'a' : (char)(letter + 1);
                    Add(i, $"{number - 2}{letter}");
                    if (letter == 'c' || dice.Chance(0.6))
                        letter = '\0';
                    continue;
                }
                if (dice.Chance(0.03))
                    number += 2;
                if (houses[i].FrontM > 10.5 && dice.Chance(0.06))
                {
                    var last = number + (dice.Chance(0.5) ? 2 : 4);
                    Add(i, $"{number}-{last}");
                    number = last + 2;
                }
                else
                {
                    Add(i, $"{number}");
                    number += 2;
                }
            }
            next[key] = number;
        }
        AddEntrances(houses, addresses, wanted, dice);
        return addresses;

        void Add(int house, string number) => addresses.Add(new(house, houses[house].Street.Name!, number, dice.Chance(0.7), Door(houses[house], 0.5)));
    }

    /// <summary>The houses that get a number; where there are more houses than addresses, the others stay without, evenly spread.</summary>
    private static List<int> Numbered(IReadOnlyList<House> houses, int wanted, Dice dice)
    {
        List<int> chosen = [];
        for (var i = 0; i < houses.Count; i++)
            if (dice.Chance((wanted - chosen.Count) / (double)(houses.Count - i)))
                chosen.Add(i);
        return chosen;
    }

    /// <summary>Where there are more addresses than houses, houses get further entrances: 7a, 7b and so on.</summary>
    private static void AddEntrances(IReadOnlyList<House> houses, List<HouseAddress> addresses, int wanted, Dice dice)
    {
        var taken = addresses.Select(address => (address.Street, address.Number)).ToHashSet();
        var plain = addresses.Where(address => char.IsAsciiDigit(address.Number[^1]) && !address.Number.Contains('-', StringComparison.Ordinal)).ToList();
        for (var round = 0; addresses.Count < wanted && plain.Count > 0 && round < 8; round++)
            for (var i = 0; i < plain.Count && addresses.Count < wanted; i++)
            {
                var missing = (double)(wanted - addresses.Count) / (plain.Count - i);
                var letter = (char)('a' + round);
                if (dice.Chance(missing) && taken.Add((plain[i].Street, $"{plain[i].Number}{letter}")))
                    addresses.Add(new(plain[i].House, plain[i].Street, $"{plain[i].Number}{letter}", false, Door(houses[plain[i].House], (round + 1) / 9.0)));
            }
    }

    /// <summary>A point just inside the front wall.</summary>
    private static PlanPoint Door(House house, double share)
    {
        var (a, b) = (house.Ground.A, house.Ground.B);
        return a + (b - a) * share + (b - a).Unit.Left * 0.8;
    }
}
