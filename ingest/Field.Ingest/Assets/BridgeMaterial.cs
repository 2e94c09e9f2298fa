using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Store;
using Field.Vision.Grade;

namespace Field.Ingest.Assets;

/// <summary>
/// What a bridge is made of, by the words of its ledger: the columns that municipal ledgers use for it are read, and words such as PC橋,
/// ＲＣ床版橋, プレストレストコンクリート, 鋼単純合成鈑桁 are recognised. Columns that contradict each other tell nothing.
/// </summary>
/// <param name="IsSteel">True when the superstructure is, or partly is, of steel; null when the ledger does not tell.</param>
/// <param name="Concrete">The concrete of the superstructure, of a steel bridge that of its deck; null when the ledger does not tell.</param>
internal sealed partial record BridgeMaterial(bool? IsSteel, ConcreteKind? Concrete)
{
    private static readonly HashSet<string> Columns = new(
        [
            "上部構造形式", "上部工形式", "上部構造", "上部工", "上部構造材料", "上部工材料", "橋種", "橋梁種別", "橋種区分", "橋梁形式", "構造形式", "橋梁構造", "材料",
            "材質", "使用材料", "主桁材料", "material", "bridge:material", "structure", "structuretype", "bridgetype", "superstructure",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static BridgeMaterial Unknown { get; } = new(null, null);

    /// <summary>Reads the ledger's row of a bridge.</summary>
    public static BridgeMaterial Of(Feature? bridge)
    {
        if (bridge?.Text("attributes") is not { } json)
        {
            return Unknown;
        }

        using JsonDocument row = JsonDocument.Parse(json);
        string text = string.Join(' ', row.RootElement.EnumerateObject()
            .Where(p => Columns.Contains(Narrow(p.Name).Trim()) && p.Value.ValueKind == JsonValueKind.String)
            .Select(p => Narrow(p.Value.GetString()!)));
        bool prestressed = Prestressed().IsMatch(text);
        bool reinforced = Reinforced().IsMatch(text);
        bool steel = Steel().IsMatch(text);
        ConcreteKind? concrete = (prestressed, reinforced, steel) switch
        {
            (true, true, _) => null,
            (true, _, _) => ConcreteKind.Prestressed,
            (_, true, _) or (_, _, true) => ConcreteKind.Reinforced, // the deck of a steel bridge is reinforced unless the ledger says otherwise
            _ => null,
        };
        return new BridgeMaterial(steel || prestressed || reinforced ? steel : null, concrete);
    }

    /// <summary>Full-width letters as ASCII; by hand, because normalisation needs culture data that a small installation lacks.</summary>
    private static string Narrow(string text) => string.Concat(text.Select(c => c is >= '！' and <= '～' ? (char)(c - '！' + '!') : c == '\u3000' ? ' ' : c));

    [GeneratedRegex("(?<![A-Z])PC(?![A-Z])|プレストレスト|プレテン|ポステン|ポストテンション|prestress", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Prestressed();

    [GeneratedRegex("(?<![A-Z])RC(?![A-Z])|鉄筋コンクリート|reinforced", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reinforced();

    [GeneratedRegex("鋼|メタル|鈑桁|steel", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Steel();
}
