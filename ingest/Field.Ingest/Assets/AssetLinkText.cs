namespace Field.Ingest.Assets;

/// <summary>Says in words why the link of a finding to an asset is doubtful or absent: the codes of <c>assetReason</c> (SPEC.md section 8).</summary>
public static class AssetLinkText
{
    /// <summary>One sentence in Japanese or English.</summary>
    public static string Of(string code, bool japanese) => code switch
    {
        AssetLink.NoPlace => japanese ? "位置が分からないため、施設に結び付けられません。" : "The place is not known, so it is linked to no asset.",
        AssetLink.NoneNear => japanese ? "近くに台帳の施設がありません。" : "No asset of the ledger is near.",
        AssetLink.Ambiguous => japanese ? "近くに別の施設があり、どちらのものか確定できません。" : "Another asset is about as near: which one it belongs to is open.",
        AssetLink.ElementAmbiguous => japanese ? "近くに別の部材があり、どの部材か確定できません。" : "Another element is about as near: which one it belongs to is open.",
        AssetLink.BeyondEnd => japanese ? "堤防の線の端より先にあります。距離標は端のものです。" : "It lies beyond the end of the levee line; the distance mark is that of the end.",
        AssetLink.NoMarks => japanese ? "堤防に距離標が登録されていません。" : "The levee has no distance marks.",
        AssetLink.DisorderedMarks => japanese ? "距離標の順序に誤りがあります。台帳を直してください。" : "The distance marks are not in order along the line: correct the ledger.",
        _ => code,
    };
}
