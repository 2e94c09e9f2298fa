namespace Field.MapApp;

/// <summary>Kinds of assets in the words of the ledgers.</summary>
internal static class AssetKindText
{
    /// <summary>橋梁, 堤防, and the others.</summary>
    public static string Ja(string? kind) => kind switch
    {
        "bridge" => "橋梁",
        "element" => "部材",
        "levee" => "堤防",
        "mark" => "距離標",
        "road" => "道路",
        _ => kind ?? "不明な資産",
    };
}
